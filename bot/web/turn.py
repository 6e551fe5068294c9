"""Take one turn: answer a clean question, name the turn, and store it; for the API and the pages alike.

Knows nothing of how the Answer is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from flask import g

from bot import records
from bot.dialogue.history import EarlierTurn, before_of
from bot.dialogue.replied import Replied
from bot.dialogue.translations import ENGLISH, answer_in
from bot.errors import MemoryUnavailable
from bot.sites.site import Site
from bot.statuses import AnswerStatus
from bot.storage.remembering import Memory
from bot.storage.stored_answer import encode_answer
from bot.storage.turn import TurnRecord, token_hash
from bot.web import wire
from bot.web.callers import caller_name
from bot.web.identifiers import derived_identifier, new_identifier
from bot.web.service import current_service, current_site

log = logging.getLogger("bot.web")

# More than anybody refers back to, and little to read for each question.
_TURNS_BEFORE = 12


def take_turn(
    question: str,
    conversation_id: str | None,
    *,
    in_context: bool = True,
    turn_key: str | None = None,
    language: str = ENGLISH,
    referred: records.Answer | None = None,
    is_kept: bool = True,
    about: str | None = None,
) -> wire.Answer:
    """Return the Answer to a question in its conversation or a new one; what is stored has no personal details.

    All names of a turn are derived from its key, so that a question sent again because its answer was lost gets the
    same answer and is stored once. The key cannot be found from the names.

    :param question: from ``clean_question``
    :param conversation_id: from an earlier Answer, ``None`` to begin
    :param in_context: false takes the question by itself, whatever was said before
    :param turn_key: made by the client and sent again with the same question; ``None`` for one of ours
    :param language: of our own sentences; quotations stay as they are
    :param referred: whom to call, if already known; then nothing is looked up
    :param is_kept: false neither reads nor writes what is remembered
    :param about: id of the source that the family was reading, to which a first question may refer
    :returns: the Answer with its turn id and feedback token
    :raises QuestionRejected: if the answerer does not take the question
    :raises IndexUnavailable: if there is no Build to answer from
    """
    service, site = current_service(), current_site()
    key = turn_key or new_identifier()
    g.turn_id = derived_identifier(key, "turn")
    # Only a question with a key or a conversation can have been asked before.
    is_first = conversation_id is None and turn_key is None
    conversation_id = conversation_id or derived_identifier(key, "conversation")
    memory = service.memory if is_kept else None
    before = () if is_first else _before(memory, conversation_id)
    if any(turn.site != site.kept_id for turn in before):
        # A conversation of another site is not continued, so that a family of that site never sees what was asked here.
        conversation_id, before = derived_identifier(key, "conversation"), ()
    sent_before = _sent_before(before, key)
    if sent_before is not None:
        return sent_before
    replied = _replied(question, before, in_context=in_context, about=about) if referred is None else Replied(referred)
    service.metrics.count_answer(replied.answer.status)
    if replied.is_repeated:
        service.metrics.count_repeated()
    sent = wire.answer_on_wire(
        answer_in(language, replied.answer),
        conversation_id=conversation_id,
        turn_id=g.turn_id,
        feedback_token=derived_identifier(key, "feedback"),
        base_url=service.base_url,
    )
    if memory is not None:
        _remember(memory, _record(sent, question, replied, site))
    return sent


def _replied(question: str, before: Sequence[TurnRecord], *, in_context: bool, about: str | None) -> Replied:
    site = current_site()
    history = [before_of(turn) for turn in before] or _reading(about) if in_context else []
    return current_service().answerer.reply(
        question, history, country=site.country, in_context=in_context, tags=site.tags
    )


def _reading(source_id: str | None) -> list[EarlierTurn]:
    """Return what a family was reading when it began to ask, as if it had asked for it."""
    source = current_service().answerer.source(source_id) if source_id else None
    if source is None:
        return []
    asked = source.title if source.title.endswith("?") else f"What is {source.title}?"
    return [EarlierTurn(asked, asked, AnswerStatus.ANSWERED, source.title)]


def _before(memory: Memory | None, conversation_id: str) -> Sequence[TurnRecord]:
    """Return the turns before; when the database is down, none, so that the question is answered by itself."""
    if memory is None:
        return ()
    try:
        return memory.history(conversation_id, last=_TURNS_BEFORE)
    except MemoryUnavailable as error:
        log.error("The turns before %s could not be read: %s", g.turn_id, error)
        return ()


def _sent_before(before: Sequence[TurnRecord], key: str) -> wire.Answer | None:
    """Return the Answer that this very question already got; the token proves that the client made the turn's key."""
    token = derived_identifier(key, "feedback")
    kept = next(
        (turn for turn in before if turn.id == g.turn_id and turn.feedback_token_hash == token_hash(token)), None
    )
    if kept is None or kept.answer is None:
        return None
    try:
        return wire.kept_before(kept.answer, token)
    except msgspec.MsgspecError as error:
        log.error("What was kept of turn %s cannot be read again: %s", g.turn_id, type(error).__name__)
        return None


def _remember(memory: Memory, record: TurnRecord) -> None:
    """Store a turn; a family gets its answer even when the database is down or the memory fails."""
    try:
        memory.record(record, caller=caller_name())
        return
    except MemoryUnavailable as error:
        log.error("Turn %s could not be stored: %s", record.id, error)
    except Exception as error:  # noqa: BLE001 - no fault of the memory may keep an answer back; its text may hold words
        log.error("Turn %s could not be stored: %s", record.id, type(error).__name__)
    current_service().metrics.count_turn_not_stored()


def _record(sent: wire.Answer, question: str, replied: Replied, site: Site) -> TurnRecord:
    """Return what the memory gets, which removes personal details; of the token, only the hash."""
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
        answer=encode_answer(sent),
        trace=None if replied.trace is None else msgspec.json.encode(replied.trace).decode(),
    )
