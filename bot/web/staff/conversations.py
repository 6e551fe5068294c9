"""Show a conversation as the family saw it, why each answer is what it is, and what would be answered now.

Pages show what was stored without personal details. Asking again uses the answerer that families ask, stores nothing
and is counted nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from flask import abort, render_template

from bot.answering.trace import AnswerTrace
from bot.dialogue.history import before_of
from bot.errors import QuestionRejected
from bot.storage.feedback import Vote
from bot.storage.remembering import Memory, RememberedTurn
from bot.storage.stored_answer import StoredAnswer, decode_answer, encode_answer
from bot.web import wire
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its answer as the template shows it; ``answer`` and ``why`` are ``None`` where not stored."""

    id: str
    asked_at: datetime
    question: str | None
    understood: str | None
    status: str
    confidence: float
    build: str
    answer: StoredAnswer | None
    vote: Vote | None
    opened: tuple[int, ...]
    why: AnswerTrace | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """What is answered now."""

    status: str
    confidence: float
    build: str
    answer: StoredAnswer | None
    why: AnswerTrace | None


@staff.get("/turns/<turn_id>")
@for_role("agent")
def conversation(turn_id: str) -> str:
    """Show the conversation of a turn, with that turn marked."""
    memory, turns, ticket_id = _conversation_of(turn_id)
    shown = [_shown(turn, memory.trace(turn.turn.id) if turn.turn.id == turn_id else None) for turn in turns]
    replies = current_desk().come_back.replies(turns[0].turn.conversation_id, seen=False)
    page = {"turns": shown, "turn_id": turn_id, "ticket_id": ticket_id, "replies": replies}
    return render_template("staff/conversation.html", **page)


@staff.post("/turns/<turn_id>/again")
@for_role("agent")
def ask_again(turn_id: str) -> str:
    """Show the answer then and the answer now, side by side."""
    memory, turns, ticket_id = _conversation_of(turn_id)
    place = next(number for number, turn in enumerate(turns) if turn.turn.id == turn_id)
    return render_template(
        "staff/again.html",
        then=_shown(turns[place], memory.trace(turn_id)),
        now=_now(turns[: place + 1]),
        ticket_id=ticket_id,
    )


def _conversation_of(turn_id: str) -> tuple[Memory, Sequence[RememberedTurn], str | None]:
    memory = current_service().memory
    where = current_desk().tickets.where(turn_id)
    if where is None or memory is None:
        abort(404)
    turns = memory.conversation(where.conversation_id)
    if all(turn.turn.id != turn_id for turn in turns):
        abort(404)
    return memory, turns, where.ticket_id


def _now(turns: Sequence[RememberedTurn]) -> Again | None:
    """Answer the last of some turns again; ``None`` if its words were not stored or are not a question."""
    *before, last = (remembered.turn for remembered in turns)
    service = current_service()
    if not last.question:
        return None
    site = (service.sites.find(last.site) if service.sites and last.site else None) or service.default_site
    history = [before_of(turn) for turn in before]
    try:
        replied = service.answerer.reply(last.question, history, country=site.country, tags=site.tags)
    except QuestionRejected:
        return None
    answer = replied.answer
    sent = wire.answer_on_wire(answer, conversation_id="", turn_id="", feedback_token="", base_url=service.base_url)
    shown = decode_answer(encode_answer(sent))
    return Again(answer.status, answer.confidence, answer.build, shown, replied.trace)


def _shown(remembered: RememberedTurn, trace: str | None) -> ShownTurn:
    turn = remembered.turn
    return ShownTurn(
        id=turn.id,
        asked_at=turn.asked_at,
        question=turn.question,
        understood=turn.understood,
        status=turn.status,
        confidence=turn.confidence,
        build=turn.build,
        answer=decode_answer(turn.answer),
        vote=remembered.vote,
        opened=remembered.opened,
        why=None if trace is None else _told(trace),
    )


def _told(trace: str) -> AnswerTrace:
    """Return how an answer came about; candidates stored before there were tiers count as sure or as nothing."""
    kept = msgspec.json.decode(trace)
    for candidate in (one for look in kept["looked"] for one in look["candidates"]):
        candidate.setdefault("tier", "sure" if candidate["confidence"] >= candidate["floor"] else "none")
    return msgspec.convert(kept, AnswerTrace)
