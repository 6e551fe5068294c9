"""A vote on a turn -> kept once.

In: votes whose comments hold no personal details any more. Out: what became of them. It must not know HTTP.
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

from bot.conversing.connections import Database
from bot.conversing.tables import Base, Feedback, Turn, of_site
from bot.conversing.turn import token_hash

Verdict = Literal["up", "down"]
Reason = Literal["not_what_i_asked", "too_hard_to_read", "wrong_condition", "out_of_date", "upsetting", "other"]
VoteOutcome = Literal["kept", "kept_before", "voted_otherwise", "wrong_token", "unknown_turn"]

_FEEDBACK = Base.metadata.tables[Feedback.__tablename__]
_TURN = Base.metadata.tables[Turn.__tablename__]
_SELECT = select(_FEEDBACK.c.turn_id, _FEEDBACK.c.verdict, _FEEDBACK.c.reasons, _FEEDBACK.c.comment)


@dataclass(frozen=True, slots=True)
class Vote:
    """What a family says of an answer; ``reasons`` are in the order given, each once."""

    turn_id: str
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    comment: str | None = None


class FeedbackStore:
    """The votes, at most one a turn."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def vote(self, vote: Vote, *, token: str, site: str | None = None) -> VoteOutcome:
        """Keep a vote if the token is the one that came with the answer.

        :param vote: its turn need not be known
        :param token: as sent
        :param site: on which the vote is given, ``None`` for ours; turns of others are not known there
        :returns: what became of it; of two different votes on a turn the first stays
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._database.statement() as connection:
            query = select(_TURN.c.feedback_token_hash).where(_TURN.c.id == vote.turn_id, of_site(site))
            found = connection.execute(query).first()
            if found is None:
                return "unknown_turn"
            if not compare_digest(found[0] or "", token_hash(token)):
                return "wrong_token"
            return _keep(vote, connection)

    def votes(self, conversation_id: str) -> dict[str, Vote]:
        """Return the votes on the turns of a conversation, by the ids of the turns.

        :param conversation_id: the conversation
        :returns: none for a conversation that is not known
        :raises MemoryUnavailable: if the database cannot be used
        """
        query = _SELECT.join(_TURN, _TURN.c.id == _FEEDBACK.c.turn_id)
        with self._database.statement() as connection:
            rows = connection.execute(query.where(_TURN.c.conversation_id == conversation_id)).all()
        return {vote.turn_id: vote for vote in map(_vote, rows)}


def _keep(vote: Vote, connection: Connection) -> VoteOutcome:
    reasons = msgspec.json.encode(vote.reasons).decode()
    values = {"turn_id": vote.turn_id, "verdict": vote.verdict, "reasons": reasons, "comment": vote.comment}
    try:
        connection.execute(insert(_FEEDBACK), {**values, "given_at": datetime.now(UTC)})
    except IntegrityError:
        # There is a vote already, or the turn was removed just now.
        kept = connection.execute(_SELECT.where(_FEEDBACK.c.turn_id == vote.turn_id)).first()
        if kept is None:
            return "unknown_turn"
        return "kept_before" if _vote(kept) == vote else "voted_otherwise"
    return "kept"


def _vote(row: Sequence[Any]) -> Vote:
    turn_id, verdict, reasons, comment = row
    return Vote(turn_id, verdict, msgspec.json.decode(reasons, type=tuple[Reason, ...]), comment)
