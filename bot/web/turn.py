"""One turn: a question that was read, its Answer, and the names it gets. The API and the pages both take turns here.

Comes in: a clean question. Goes out: the Answer as it is sent. It must not know how it is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from flask import g

from bot.conversing.dialogue import Replied
from bot.conversing.history import before_of
from bot.conversing.turn import TurnRecord, token_hash
from bot.errors import MemoryUnavailable
from bot.sites.site import Site
from bot.web import wire
from bot.web.identifiers import new_identifier
from bot.web.ports import MemoryPort
from bot.web.service import current_service, current_site

log = logging.getLogger("bot.web")

# More than anybody leans back on, and little to read for each question.
_TURNS_BEFORE = 12


def take_turn(question: str, conversation_id: str | None, *, in_context: bool = True) -> wire.Answer:
    """The Answer to a question, in its conversation or a new one; what is kept of both has no personal details.

    :param question: from ``clean_question``
    :param conversation_id: from an earlier Answer, ``None`` to begin
    :param in_context: false takes the question by itself, whatever was said before
    :returns: the Answer with fresh turn id and feedback token
    :raises QuestionRejected: if the answerer does not take the question
    :raises IndexUnavailable: if there is no Build to answer from
    """
    service, site = current_service(), current_site()
    g.turn_id = new_identifier()
    before = _before(service.memory, conversation_id) if conversation_id else ()
    if any(turn.site != site.kept_id for turn in before):
        # Another site's conversation is not gone on with, and a family of that site never sees what was asked here.
        conversation_id, before = None, ()
    history = [before_of(turn) for turn in before] if in_context else ()
    replied = service.answerer.reply(question, history, country=site.country, in_context=in_context, tags=site.tags)
    service.metrics.count_answer(replied.answer.status)
    sent = wire.answer_on_wire(
        replied.answer,
        conversation_id=conversation_id or new_identifier(),
        turn_id=g.turn_id,
        feedback_token=new_identifier(),
        base_url=service.base_url,
    )
    if service.memory is not None:
        _remember(service.memory, _record(sent, question, replied, site))
    return sent


def _before(memory: MemoryPort | None, conversation_id: str) -> Sequence[TurnRecord]:
    """The turns before; a family gets its answer, taken by itself, even when the database is down."""
    if memory is None:
        return ()
    try:
        return memory.history(conversation_id, last=_TURNS_BEFORE)
    except MemoryUnavailable as error:
        log.error("The turns before %s could not be read: %s", g.turn_id, error)
        return ()


def _remember(memory: MemoryPort, record: TurnRecord) -> None:
    """Store a turn; a family gets its answer even when the database is down."""
    try:
        memory.record(record)
    except MemoryUnavailable as error:
        log.error("Turn %s could not be stored: %s", record.id, error)


def _record(sent: wire.Answer, question: str, replied: Replied, site: Site) -> TurnRecord:
    """What is given to the memory, which takes personal details out: of the token only the hash."""
    return TurnRecord(
        id=sent.turn_id,
        conversation_id=sent.conversation_id,
        asked_at=datetime.now(UTC),
        build=sent.build,
        status=sent.status,
        confidence=sent.confidence,
        site=site.kept_id,
        feedback_token_hash=token_hash(sent.feedback_token),
        question=question,
        understood=replied.reading,
        answer=wire.kept_answer(sent).decode(),
        trace=None if replied.trace is None else msgspec.json.encode(replied.trace).decode(),
    )
