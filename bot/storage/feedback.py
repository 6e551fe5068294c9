"""Store the vote on a turn, and which of its near passages were opened, each once.

Comments arrive without personal details. Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.connections import Database
from bot.storage.stored_answer import decode_answer
from bot.storage.tables import Feedback, OpenedPassage, Turn, of_site
from bot.storage.turn import token_hash

Verdict = Literal["up", "down"]
Reason = Literal["not_what_i_asked", "too_hard_to_read", "wrong_condition", "out_of_date", "upsetting", "other"]
_Refusal = Literal["wrong_token", "unknown_turn"]
VoteOutcome = Literal["kept", "kept_before", "voted_otherwise"] | _Refusal
OpenOutcome = Literal["kept", "kept_before", "no_such_passage"] | _Refusal
_SELECT = select(Feedback.turn_id, Feedback.verdict, Feedback.reasons, Feedback.comment)


@dataclass(frozen=True, slots=True)
class Vote:
    """A family's vote on an answer; ``reasons`` are in the order given, each once."""

    turn_id: str
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    comment: str | None = None


class FeedbackStore:
    """The votes, at most one a turn, and the near passages that were opened, each at most once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vote(self, vote: Vote, *, token: str, site: str | None = None) -> VoteOutcome:
        """Store a vote if the token is the one that came with the answer.

        :param vote: its turn need not be known
        :param site: the site of the vote, ``None`` for ours; turns of other sites are unknown there
        :returns: what became of it; of two different votes on a turn the first stays
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            return _refusal(connection, vote.turn_id, token, site) or _keep(vote, connection)

    def open_passage(self, turn_id: str, place: int, *, token: str, site: str | None = None) -> OpenOutcome:
        """Record that a family opened a near passage, if the token is the one that came with the answer.

        :param turn_id: the turn need not be known
        :param place: index of the passage in the answer's ``near``, from 0
        :param site: as for ``vote``
        :returns: what became of it; it does not replace a vote
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            refusal = _refusal(connection, turn_id, token, site)
            if refusal is not None:
                return refusal
            answer = decode_answer(connection.execute(select(Turn.answer).where(Turn.id == turn_id)).scalar())
            if answer is None or not 0 <= place < len(answer.near):
                return "no_such_passage"
            return _keep_opened(turn_id, place, connection)

    def opened(self, conversation_id: str) -> dict[str, tuple[int, ...]]:
        """Return which near passages of a conversation were opened, by the ids of the turns.

        :returns: their places, ascending; turns without an opened passage are absent
        :raises MemoryUnavailable: if the database cannot be used
        """
        query = select(OpenedPassage.turn_id, OpenedPassage.place).join(Turn, Turn.id == OpenedPassage.turn_id)
        query = query.where(Turn.conversation_id == conversation_id).order_by(OpenedPassage.place)
        found: dict[str, tuple[int, ...]] = {}
        with self._database.statement() as connection:
            for turn_id, place in connection.execute(query):
                found[turn_id] = (*found.get(turn_id, ()), place)
        return found

    def votes(self, conversation_id: str) -> dict[str, Vote]:
        """Return the votes on the turns of a conversation, by the ids of the turns.

        :returns: empty for an unknown conversation
        :raises MemoryUnavailable: if the database cannot be used
        """
        query = _SELECT.join(Turn, Turn.id == Feedback.turn_id)
        with self._database.statement() as connection:
            rows = connection.execute(query.where(Turn.conversation_id == conversation_id)).all()
        return {vote.turn_id: vote for vote in map(_vote, rows)}


def _refusal(connection: Connection, turn_id: str, token: str, site: str | None) -> _Refusal | None:
    """Return why what was sent about a turn is not stored, ``None`` if it may be."""
    query = select(Turn.feedback_token_hash).where(Turn.id == turn_id, of_site(site))
    found = connection.execute(query).first()
    if found is None:
        return "unknown_turn"
    return None if compare_digest(found[0] or "", token_hash(token)) else "wrong_token"


def _keep_opened(turn_id: str, place: int, connection: Connection) -> OpenOutcome:
    values = {"turn_id": turn_id, "place": place}
    try:
        connection.execute(insert(OpenedPassage), {**values, "opened_at": datetime.now(UTC)})
    except IntegrityError:
        # It was opened before, or the turn was removed just now.
        query = select(OpenedPassage.place).where(OpenedPassage.turn_id == turn_id, OpenedPassage.place == place)
        return "unknown_turn" if connection.execute(query).first() is None else "kept_before"
    return "kept"


def _keep(vote: Vote, connection: Connection) -> VoteOutcome:
    reasons = msgspec.json.encode(vote.reasons).decode()
    values = {"turn_id": vote.turn_id, "verdict": vote.verdict, "reasons": reasons, "comment": vote.comment}
    try:
        connection.execute(insert(Feedback), {**values, "given_at": datetime.now(UTC)})
    except IntegrityError:
        # There is a vote already, or the turn was removed just now.
        kept = connection.execute(_SELECT.where(Feedback.turn_id == vote.turn_id)).first()
        if kept is None:
            return "unknown_turn"
        return "kept_before" if _vote(kept) == vote else "voted_otherwise"
    return "kept"


def _vote(row: Sequence[Any]) -> Vote:
    turn_id, verdict, reasons, comment = row
    return Vote(turn_id, verdict, msgspec.json.decode(reasons, type=tuple[Reason, ...]), comment)
