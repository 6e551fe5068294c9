"""One conversation as the family saw it, without personal details.

Comes in: the id of a turn. Goes out: the turns of its conversation, with the answers as they were kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from flask import abort, render_template

from bot.conversing.feedback import Vote
from bot.conversing.remembering import RememberedTurn
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its answer as the template shows it; ``answer`` is ``None`` where it was not kept."""

    id: str
    asked_at: datetime
    question: str | None
    understood: str | None
    status: str
    confidence: float
    build: str
    answer: dict[str, Any] | None
    vote: Vote | None


@staff.get("/turns/<turn_id>")
@for_role("agent")
def conversation(turn_id: str) -> str:
    """The conversation of a turn, which is marked in it."""
    memory = current_service().memory
    where = current_desk().tickets.where(turn_id)
    if where is None or memory is None:
        abort(404)
    turns = [shown(turn) for turn in memory.conversation(where.conversation_id)]
    return render_template("staff/conversation.html", turns=turns, turn_id=turn_id, ticket_id=where.ticket_id)


def shown(remembered: RememberedTurn) -> ShownTurn:
    """A turn that was remembered, as it is shown."""
    turn = remembered.turn
    answer = msgspec.json.decode(turn.answer) if turn.answer else None
    return ShownTurn(
        id=turn.id,
        asked_at=turn.asked_at,
        question=turn.question,
        understood=turn.understood,
        status=turn.status,
        confidence=turn.confidence,
        build=turn.build,
        answer=answer,
        vote=remembered.vote,
    )
