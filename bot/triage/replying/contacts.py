"""Show staff how a family can be reached, and log who asked.

Only here is the address or number in the clear. Knows nothing of HTTP.
"""

from __future__ import annotations

from bot.storage.audit import AuditLog
from bot.storage.handoff import HandoffStore
from bot.triage.people.account import Staff


class Contacts:
    """The contact details that families left."""

    def __init__(self, handoffs: HandoffStore, audit: AuditLog) -> None:
        self._handoffs = handoffs
        self._audit = audit

    def show(self, handoff_id: str, *, by: Staff) -> str | None:
        """Return how a family can be reached, or ``None`` if it left nothing; who asked is logged first.

        :raises SealedWithAnotherKey: if none of the present keys opens it
        :raises MemoryUnavailable: if the database cannot be used; then nothing is shown
        """
        self._audit.add(by.name, "contact.show", object=handoff_id)
        return self._handoffs.contact(handoff_id)
