"""Decide whether a question was meant alone or in its context, or ask back."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answering.phrases import says
from bot.answering.question import stands_alone
from bot.answering.retrieved import RetrievalResult
from bot.dialogue.clarify import choices
from bot.dialogue.context import Context, Tools
from bot.dialogue.smalltalk import said
from bot.indexing.lexical import terms_of
from bot.statuses import AnswerStatus

_POINTS_BACK = re.compile(r"\b(it|this|that|they|them|these|those)\b", re.I)


def decide(context: Context, tools: Tools) -> Context:
    """Set ``found`` to the surer result, or ask back if the question is unclear.

    An approved answer to the question alone takes precedence.
    """
    alone, read = context.alone, context.in_context
    if read is not None and (alone is None or _was_rather_meant(read, alone, context.asked)):
        return replace(context, found=read)
    assert alone is not None, "retrieve looks up at least one of the two"
    context = replace(context, found=alone)
    asked_back = bool(context.history) and context.history[-1].status == AnswerStatus.CLARIFY_TOPIC
    offered = () if asked_back or alone.approved is not None else choices(alone.looked)
    if not offered:
        return context
    answer = tools.say(AnswerStatus.CLARIFY_TOPIC, said("clarify"))
    return context.with_answer(replace(answer, confidence=alone.confidence, suggestions=offered))


def _was_rather_meant(read: RetrievalResult, alone: RetrievalResult, asked: str) -> bool:
    # Whose fault it is, is the same question whatever was said before.
    if alone.approved is not None or (_is_sure(alone) and says(asked, "fault")):
        return False
    if len(terms_of(asked)) <= 1 and _POINTS_BACK.search(asked) and _is_sure(read):
        # The bank has "Is it safe?", in these very words, about one thing or another.
        return True
    if read.confidence <= alone.confidence or _says_its_topic(alone):
        return False
    return not (_is_sure(alone) and stands_alone(asked))


def _says_its_topic(found: RetrievalResult) -> bool:
    """Whether a question is surely answered alone and is about its source by name, or one of the bank."""
    return _is_sure(found) and (bool(found.looked.judged[0].marked) or found.looked.judged[0].evidence.named_exactly)


def _is_sure(found: RetrievalResult) -> bool:
    return bool(found.looked.judged) and found.looked.judged[0].tier == "sure"
