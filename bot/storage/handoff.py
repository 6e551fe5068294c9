"""Store the turns that a person is asked to look at as open hand-offs, with each contact sealed and kept apart.

Notes arrive without personal details; a contact is one. Knows nothing of HTTP or of who looks at hand-offs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.comeback import make_code
from bot.storage.connections import Database
from bot.storage.tables import Contact, Handoff, Turn, of_site

if TYPE_CHECKING:
    # Loaded only where there is a key.
    from bot.storage.secrecy import Sealer

HandoffRefusal = Literal["unknown_turn", "contact_unavailable"]
OPEN = "open"

_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class HandedOff:
    """An open hand-off; ``is_new`` is false if it was open before. ``come_back_code`` is stored nowhere else."""

    id: str
    turn_id: str
    contact_kept: bool
    is_new: bool
    come_back_code: str


class HandoffStore:
    """The hand-offs, at most one open a turn; without a sealer none has a contact."""

    def __init__(self, database: Database, sealer: Sealer | None = None) -> None:
        self._database = database
        self._sealer = sealer

    def hand_off(
        self, turn_id: str, *, note: str | None = None, contact: str | None = None, site: str | None = None
    ) -> HandedOff | HandoffRefusal:
        """Open a hand-off, or update the open one: a new note or contact replaces an earlier one.

        :param turn_id: the turn need not be known
        :param site: where a person is asked for, ``None`` for ours; turns of other sites are unknown there
        :returns: the hand-off, or why there is none; then nothing was stored
        :raises MemoryUnavailable: if the database cannot be used; then nothing was stored
        """
        if contact is not None and self._sealer is None:
            return "contact_unavailable"
        sealed = self._sealer.seal(contact) if self._sealer is not None and contact is not None else None
        with self._database.transaction() as connection:
            # Locks the turn, so that of two requests at once the second sees what the first did; SQLite has one writer.
            query = select(Turn.id).where(Turn.id == turn_id, of_site(site)).with_for_update()
            turn = connection.execute(query).first()
            if turn is None:
                return "unknown_turn"
            before = _open_handoff(turn_id, connection)
            handoff_id = _change(before, note, connection) if before else _begin(turn_id, note, connection)
            if sealed is not None:
                connection.execute(delete(Contact).where(Contact.handoff_id == handoff_id))
                connection.execute(insert(Contact), {"handoff_id": handoff_id, "ciphertext": sealed})
            kept = sealed is not None or _sealed_contact(handoff_id, connection) is not None
            return HandedOff(handoff_id, turn_id, kept, before is None, make_code(handoff_id, connection))

    def contact(self, handoff_id: str) -> str | None:
        """Return how the family of a hand-off can be reached.

        :returns: ``None`` if it left nothing
        :raises SealedWithAnotherKey: if none of the keys can open it
        :raises MemoryUnavailable: if the database cannot be used
        """
        from bot.storage.secrecy import SealedWithAnotherKey

        with self._database.statement() as connection:
            sealed = _sealed_contact(handoff_id, connection)
        if sealed is None:
            return None
        if self._sealer is None:
            raise SealedWithAnotherKey
        return self._sealer.open(sealed)


def _open_handoff(turn_id: str, connection: Connection) -> str | None:
    query = select(Handoff.id).where(Handoff.turn_id == turn_id, Handoff.status == OPEN)
    return connection.execute(query).scalar()


def _begin(turn_id: str, note: str | None, connection: Connection) -> str:
    handoff_id = token_urlsafe(_ID_BYTES)
    values = {"id": handoff_id, "turn_id": turn_id, "note": note, "created_at": datetime.now(UTC), "status": OPEN}
    connection.execute(insert(Handoff), values)
    return handoff_id


def _change(handoff_id: str, note: str | None, connection: Connection) -> str:
    if note is not None:
        connection.execute(update(Handoff).where(Handoff.id == handoff_id).values(note=note))
    return handoff_id


def _sealed_contact(handoff_id: str, connection: Connection) -> bytes | None:
    return connection.execute(select(Contact.ciphertext).where(Contact.handoff_id == handoff_id)).scalar()
