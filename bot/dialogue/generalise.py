"""An answer to a question about one person -> what is known in general, and that the care team decides."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Tools
from bot.dialogue.personal import case_of
from bot.dialogue.smalltalk import said
from bot.statuses import AnswerStatus, StatusFamily


def generalise(context: Context, tools: Tools) -> Context:
    """Say that an answer decides nothing about one person. Where no passage is sure, the nearest one is still general
    information, and is introduced as that."""
    answer, danger = context.reply.answer, context.danger
    if danger is None or danger.kind != "personal" or answer.status.family == StatusFamily.SMALLTALK:
        return context
    case = case_of(context.asked)
    if case is None:
        return context
    shown, near = answer.snippets, answer.near
    if not shown:
        shown, near = near[:1], near[1:]
    text = said(case if shown else f"{case}_nothing")
    general = replace(answer, status=AnswerStatus.PERSONAL_MEDICAL, message=text, snippets=shown, near=near)
    return replace(context, replied=replace(context.reply, answer=general))
