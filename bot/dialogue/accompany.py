"""Add to a reply what stands beside it: how the message was read, and whom to call in case."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.calling import in_case
from bot.dialogue.context import Context, Tools
from bot.dialogue.replied import with_notice
from bot.statuses import IN_DANGER, AnswerStatus, StatusFamily


def accompany(context: Context, tools: Tools) -> Context:
    """Add how the message was read, and the emergency numbers if it was close to a cry for help."""
    replied = context.reply
    status = replied.answer.status
    if status in IN_DANGER or status == AnswerStatus.NUMBERS:
        return context
    if context.asked != context.message and replied.reading is None and status.family != StatusFamily.SMALLTALK:
        replied = replace(replied, reading=context.asked)
    is_near = context.language is not None or context.seen.is_near
    if is_near or tools.foreign.may_be_in_danger(context.message):
        replied = replace(replied, answer=with_notice(replied.answer, in_case(context.country)))
    return replace(context, replied=replied)
