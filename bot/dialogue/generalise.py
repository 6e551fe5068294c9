"""Turn an answer about one person into general information, and say that the care team decides."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Tools
from bot.dialogue.personal import case_of
from bot.dialogue.smalltalk import said
from bot.statuses import AnswerStatus, StatusFamily

# From this confidence on the nearest passage is quoted as general information. Run "personal quotes" in
# docs/evaluation.md.
_QUOTED = 0.1
_NOTHING = (AnswerStatus.NO_MATCH, AnswerStatus.UNKNOWN_NAME)


def generalise(context: Context, tools: Tools) -> Context:
    """Say that an answer decides nothing about one person.

    If no passage is sure, the nearest one is still general information, and is introduced as such, unless it is so
    unlikely to answer that it stays among those that may.
    """
    answer = context.reply.answer
    if not _is_personal(context) or answer.status.family == StatusFamily.SMALLTALK:
        return context
    case = case_of(context.asked)
    if case is None:
        return context
    shown, near = answer.snippets, answer.near
    if not shown and answer.confidence >= _QUOTED:
        shown, near = near[:1], near[1:]
    text = said(case if shown else f"{case}_nothing")
    general = replace(answer, status=AnswerStatus.PERSONAL_MEDICAL, message=text, snippets=shown, near=near)
    return replace(context, replied=replace(context.reply, answer=general))


def _is_personal(context: Context) -> bool:
    """Whether a decision about one person is asked for.

    The threshold is lower if nothing answers: being told whom to ask helps more than being told that there is nothing.
    """
    if context.danger is not None:
        return context.danger.kind == "personal"
    return context.seen.may_be_personal and context.reply.answer.status in _NOTHING
