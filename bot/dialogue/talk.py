"""A message that asks nothing of the corpus -> a reply in our own words."""

from __future__ import annotations

from bot.dialogue.calming import is_only_denial, was_referred
from bot.dialogue.context import Context, Tools
from bot.dialogue.smalltalk import reply_to, said
from bot.statuses import AnswerStatus


def talk(context: Context, tools: Tools) -> Context:
    """Reply to small talk, and to who says after a card that nobody is in danger."""
    if was_referred(context.history) and is_only_denial(context.message):
        return context.with_answer(tools.say(AnswerStatus.SAFE, said("safe"), context.history))
    small = reply_to(context.message) or (reply_to(context.asked) if context.asked != context.message else None)
    if small is None:
        return context
    is_told = small.status == AnswerStatus.PRIVACY and tools.kept_days is not None
    text = said("privacy_days", days=str(tools.kept_days)) if is_told else small.text
    return context.with_answer(tools.say(small.status, text, context.history))
