"""Define the JSON shapes of what is remembered: votes, hand-offs, a family's own conversation.

Both the bytes and the OpenAPI document are made from these structs; their docstrings are published in it. Knows nothing
of requests.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from bot.storage.comeback import PersonsReply
from bot.storage.feedback import Reason, Verdict, Vote
from bot.storage.handoff import HandedOff
from bot.storage.remembering import RememberedTurn

_KEPT_ANSWER = {
    "anyOf": [{"$ref": "#/components/schemas/KeptAnswer"}, {"type": "null"}],
    "description": "What was answered, without its token; null where it was not kept.",
}
Moment = Annotated[datetime, Meta(extra_json_schema={"format": "date-time"})]


class Voted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept now: the vote, or the near passage that was opened; only what was sent is there."""

    turn_id: str
    verdict: Verdict | None = None
    opened: int | None = None


class Handoff(msgspec.Struct, frozen=True):
    """An open request for a person; contact_kept says whether there is a way to reach the family. With
    come_back_code the family finds the conversation and its replies on any device; it is told only here."""

    handoff_id: str
    turn_id: str
    contact_kept: bool
    come_back_code: str


class PastVote(msgspec.Struct, frozen=True):
    """The vote on a turn; personal details were taken out of its comment."""

    verdict: Verdict
    reasons: list[Reason]
    comment: str | None


class PastTurn(msgspec.Struct, frozen=True):
    """A question with its answer; personal details were taken out before it was kept."""

    turn_id: str
    asked_at: Moment
    question: str | None
    answer: Annotated[msgspec.Raw, Meta(extra_json_schema=_KEPT_ANSWER)]
    feedback: PastVote | None
    opened: Annotated[list[int], Meta(description="The passages of near that were opened, by their places from 0.")]


class Reply(msgspec.Struct, frozen=True):
    """What a person wrote to the family about one of its questions; it may have several lines."""

    reply_id: str
    turn_id: str
    text: str
    author_label: str
    written_at: Moment


class Conversation(msgspec.Struct, frozen=True):
    """A family's own conversation, oldest turn first, with what a person wrote to it, oldest first."""

    conversation_id: str
    turns: list[PastTurn]
    replies: list[Reply]


class Receipt(msgspec.Struct, frozen=True):
    """A fresh name for a removal, and when it was; it leads back to nothing."""

    id: str
    removed_at: Moment


class Removal(msgspec.Struct, frozen=True):
    """How many turns were removed, with all that hung on them; none if there was nothing any more."""

    conversation_id: str
    removed: Annotated[int, Meta(ge=0)]
    receipt: Receipt


def handoff_on_wire(handed_off: HandedOff) -> Handoff:
    """Return the hand-off as it is sent."""
    return Handoff(handed_off.id, handed_off.turn_id, handed_off.contact_kept, handed_off.come_back_code)


def conversation_on_wire(
    conversation_id: str, turns: tuple[RememberedTurn, ...], replies: tuple[PersonsReply, ...]
) -> Conversation:
    """Return the conversation as it is sent."""
    return Conversation(
        conversation_id, [_past_turn(remembered) for remembered in turns], [_reply(given) for given in replies]
    )


def _reply(given: PersonsReply) -> Reply:
    return Reply(given.id, given.turn_id, given.text, given.author_label, given.written_at)


def _past_turn(remembered: RememberedTurn) -> PastTurn:
    turn = remembered.turn
    answer = msgspec.Raw(b"null" if turn.answer is None else turn.answer.encode())
    return PastTurn(turn.id, turn.asked_at, turn.question, answer, _past_vote(remembered.vote), list(remembered.opened))


def _past_vote(vote: Vote | None) -> PastVote | None:
    return None if vote is None else PastVote(vote.verdict, list(vote.reasons), vote.comment)
