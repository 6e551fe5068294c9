"""How a family can be reached, shown to somebody who is written down for it.

In: the id of a hand-off. Out: an address or a number, in the clear only here. It must not know HTTP.
"""

from __future__ import annotations

from bot.storage.audit import AuditLog
from bot.storage.handoff import HandoffStore
from bot.triage.people.account import Staff


class Contacts:
    """What families left to be reached by."""

    def __init__(self, handoffs: HandoffStore, audit: AuditLog) -> None:
        self._handoffs = handoffs
        self._audit = audit

    def show(self, handoff_id: str, *, by: Staff) -> str | None:
        """Return how a family can be reached; before that, who wanted to know is in the audit log.

        :returns: ``None`` if it left nothing
        :raises SealedWithAnotherKey: if it cannot be read with the keys there are
        :raises MemoryUnavailable: if the database cannot be used; then nothing is shown
        """
        self._audit.add(by.name, "contact.show", object=handoff_id)
        return self._handoffs.contact(handoff_id)
