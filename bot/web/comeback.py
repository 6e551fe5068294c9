"""Serve the page on which a family returns with its code, on any device and without script.

The code is sent by form post, so that no address ever holds one. Knows nothing of how conversations are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, render_template, request
from flask_limiter.errors import RateLimitExceeded

from bot.errors import MemoryUnavailable
from bot.storage.comeback import PersonsReply
from bot.storage.remembering import RememberedTurn
from bot.storage.stored_answer import StoredAnswer, decode_answer
from bot.web.service import current_service

comeback = Blueprint("comeback", __name__)
_STATUS = {"comeback_unknown": 404, "comeback_too_many": 429, "comeback_down": 503}


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A question with its answer, the near passages that were opened, and staff's replies; ``None`` where not kept."""

    asked_at: datetime
    question: str | None
    answer: StoredAnswer | None
    replies: list[PersonsReply]
    opened: tuple[int, ...] = ()


@comeback.get("/comeback")
def come_back() -> Response:
    """Show the form for the code."""
    return _page()


@comeback.post("/comeback")
def come_back_with_code() -> Response:
    """Show the conversation of a code, or remove it."""
    code = request.form.get("code", "")
    try:
        return _forgotten(code) if request.form.get("do") == "forget" else _found(code)
    except RateLimitExceeded:
        return _page(problem="comeback_too_many")
    except MemoryUnavailable:
        return _page(problem="comeback_down")


def _found(code: str) -> Response:
    conversation_id = _conversation_of(code)
    memory = current_service().memory
    if conversation_id is None or memory is None:
        return _page(problem="comeback_unknown", code=code)
    replies = memory.replies(conversation_id)
    told = [_shown(one, replies) for one in memory.conversation(conversation_id)]
    return _page(code=code, told=told, is_waiting=not replies)


def _forgotten(code: str) -> Response:
    conversation_id = _conversation_of(code)
    memory = current_service().memory
    if conversation_id is None or memory is None:
        return _page(problem="comeback_unknown", code=code)
    memory.forget(conversation_id)
    return _page(is_forgotten=True)


def _conversation_of(code: str) -> str | None:
    service = current_service()
    service.rates.count_guess()
    return None if service.memory is None else service.memory.conversation_of(code)


def _shown(one: RememberedTurn, replies: tuple[PersonsReply, ...]) -> ShownTurn:
    turn = one.turn
    given = [reply for reply in replies if reply.turn_id == turn.id]
    return ShownTurn(turn.asked_at, turn.question, decode_answer(turn.answer), given, one.opened)


def _page(*, problem: str | None = None, code: str = "", **told: object) -> Response:
    response = make_response(
        render_template("comeback.html", problem=problem, code=code[:64], **told), _STATUS.get(problem or "", 200)
    )
    response.headers["Cache-Control"] = "no-store"
    return response
