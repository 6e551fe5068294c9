"""One turn: a question that was read, its Answer, and the names it gets. The API and the pages both take turns here.

Comes in: a clean question. Goes out: the Answer as it is sent. It must not know how it is shown.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from flask import g

from bot.conversing.turn import TurnRecord
from bot.errors import MemoryUnavailable
from bot.records import Answer
from bot.web import wire
from bot.web.identifiers import new_identifier
from bot.web.service import current_service

log = logging.getLogger("bot.web")


def take_turn(question: str, conversation_id: str | None) -> wire.Answer:
    """The Answer to a question, in its conversation or a new one.

    :param question: from ``clean_question``
    :param conversation_id: from an earlier Answer, ``None`` to begin
    :returns: the Answer with fresh turn id and feedback token
    :raises QuestionRejected: if the answerer does not take the question
    :raises IndexUnavailable: if there is no Build to answer from
    """
    service = current_service()
    g.turn_id = new_identifier()
    answer = service.answerer.answer(question)
    service.metrics.count_answer(answer.status)
    conversation, token = conversation_id or new_identifier(), new_identifier()
    if service.remember is not None:
        _remember(service.remember, _record(answer, g.turn_id, conversation, token))
    return wire.answer_on_wire(
        answer, conversation_id=conversation, turn_id=g.turn_id, feedback_token=token, base_url=service.base_url
    )


def _remember(remember: Callable[[TurnRecord], None], record: TurnRecord) -> None:
    """Store a turn; a family gets its answer even when the database is down."""
    try:
        remember(record)
    except MemoryUnavailable as error:
        log.error("Turn %s could not be stored: %s", record.id, error)


def _record(answer: Answer, turn_id: str, conversation_id: str, token: str) -> TurnRecord:
    """What is kept of a turn: never its words, and only the hash of the token."""
    return TurnRecord(
        id=turn_id,
        conversation_id=conversation_id,
        asked_at=datetime.now(UTC),
        build=answer.build,
        status=answer.status,
        confidence=answer.confidence,
        feedback_token_hash=hashlib.sha256(token.encode()).hexdigest(),
    )
