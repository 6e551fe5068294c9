"""Reply in our own words to a message that asks nothing of the corpus."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.calming import is_only_denial, was_referred
from bot.dialogue.context import Context, Tools
from bot.dialogue.smalltalk import reply_to, said
from bot.privacy.names import names_in
from bot.statuses import AnswerStatus

# "Thank you so much for your help, Ada": a message with more words asks something.
_MOST_WORDS = 8


def talk(context: Context, tools: Tools) -> Context:
    """Reply to small talk, and to someone who says after a safety card that nobody is in danger."""
    if was_referred(context.history) and is_only_denial(context.message):
        return context.with_answer(tools.say(AnswerStatus.SAFE, said("safe"), context.history))
    small = next(filter(None, map(reply_to, _readings(context))), None)
    if small is None:
        return context
    is_told = small.status == AnswerStatus.PRIVACY and tools.kept_days is not None
    text = said("privacy_days", days=str(tools.kept_days)) if is_told else small.text
    return context.with_answer(tools.say(small.status, text, context.history))


def _readings(context: Context) -> Iterator[str]:
    """Yield the message, the message without its opening, and a short message without the names in it."""
    yield context.message
    if context.asked != context.message:
        yield context.asked
    short = len(context.message.split()) <= _MOST_WORDS
    unnamed = context.message
    for begin, end in reversed(names_in(context.message) if short else []):
        unnamed = unnamed[:begin] + unnamed[end:]
    if unnamed != context.message and any(sign.isalnum() for sign in unnamed):
        yield unnamed
