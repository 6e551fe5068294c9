"""Find what a family comes back for: its conversation by a code, and what a person wrote to it.

Knows nothing of HTTP or of who writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.codes import digest_of, new_code
from bot.storage.connections import Database
from bot.storage.tables import ComeBackCode, Handoff, Reply, Turn

# A family that asks again gets another code, and may have written down an earlier one.
_CODES = 5


@dataclass(frozen=True, slots=True)
class PersonsReply:
    """A person's reply to a question; ``seen_at`` is when the family first had it on its screen."""

    id: str
    turn_id: str
    text: str
    author_label: str
    written_at: datetime
    seen_at: datetime | None


class ComeBack:
    """The codes and replies in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def conversation_of(self, code: str) -> str | None:
        """Return the id of the conversation that a code is for.

        :returns: ``None`` if it is for none, or the conversation is gone
        :raises MemoryUnavailable: if the database cannot be used
        """
        digest = digest_of(code)
        if digest is None:
            return None
        query = (
            select(Turn.conversation_id)
            .join(Handoff, Handoff.turn_id == Turn.id)
            .join(ComeBackCode, ComeBackCode.handoff_id == Handoff.id)
        )
        with self._database.statement() as connection:
            return connection.execute(query.where(ComeBackCode.digest == digest)).scalar()

    def replies(self, conversation_id: str, *, seen: bool) -> tuple[PersonsReply, ...]:
        """Return what was written to a family, oldest first.

        :param seen: whether the family itself reads; then replies new to it are marked as seen
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            found = connection.execute(_REPLIES.where(Turn.conversation_id == conversation_id)).all()
            new = [row.id for row in found if row.seen_at is None] if seen else []
            if new:
                now = datetime.now(UTC)
                connection.execute(update(Reply).where(Reply.id.in_(new)).values(seen_at=now))
        return tuple(PersonsReply(*row) for row in found)


_REPLIES = (
    select(Reply.id, Reply.turn_id, Reply.text, Reply.author_label, Reply.written_at, Reply.seen_at)
    .join(Turn, Turn.id == Reply.turn_id)
    .order_by(Reply.written_at, Reply.id)
)


def make_code(handoff_id: str, connection: Connection) -> str:
    """Make another code for a hand-off, in the transaction that opens or changes it."""
    code, of_handoff = new_code(), ComeBackCode.handoff_id == handoff_id
    values = {"digest": digest_of(code), "handoff_id": handoff_id, "made_at": datetime.now(UTC)}
    connection.execute(insert(ComeBackCode), values)
    newest = select(ComeBackCode.digest).where(of_handoff).order_by(ComeBackCode.made_at.desc()).limit(_CODES)
    connection.execute(delete(ComeBackCode).where(of_handoff, ComeBackCode.digest.not_in(newest.scalar_subquery())))
    return code
