"""Answer the parts of a story and combine them with the reply to the whole; two questions get two answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.story import MessagePart
from bot.dialogue.context import Context, Tools
from bot.dialogue.history import questions_before, quoted_in
from bot.dialogue.replied import Replied, about_another, both, with_near_of
from bot.statuses import AnswerStatus

# How many parts of a story are looked up, and how much having the form of a question adds to a cosine or a confidence.
# Run "stories" in docs/evaluation.md.
_READ_PARTS = 4
_ASKS = 0.15
# A part taken out of its story is the answer only if it is surer than a whole message must be.
_PART_FLOOR = 0.6
# In a message with more words than this, the question stands beside much that is not asked.
_LONG_WORDS = 60


def read_parts(context: Context, tools: Tools) -> Context:
    """Look up the parts of a message if the whole is not answered, is long, or asks two things."""
    asking = [part for part in context.parts if part.asks]
    is_answered = context.reply.answer.status == AnswerStatus.ANSWERED
    is_long = len(context.asked.split()) > _LONG_WORDS
    if not context.parts or (is_answered and len(asking) < 2 and not (is_long and asking)):
        return context
    told = _told_of(asking if is_answered else context.parts, context, tools)
    first = _first_of(context, told, is_long=is_long)
    return replace(context, replied=with_near_of(first, told))


def _first_of(context: Context, told: Sequence[Replied], *, is_long: bool) -> Replied:
    """Return the reply to the whole, to its surest part, or to two things at once."""
    whole = context.reply
    is_answered = whole.answer.status == AnswerStatus.ANSWERED
    sure = (one for one in told if one.answer.confidence >= _PART_FLOOR)
    answered = [one for one in sure if one.answer.status == AnswerStatus.ANSWERED]
    first, second = whole, about_another(answered[0], answered[1:]) if answered else None
    if second is not None:
        first = answered[0]
    elif is_answered and is_long:
        # The particular question of a long story is answered after what the story is about as a whole.
        second = about_another(whole, answered)
    if second is not None:
        return Replied(both(first.answer, second.answer), context.asked)
    return answered[0] if answered and not is_answered else whole


def _told_of(parts: Sequence[MessagePart], context: Context, tools: Tools) -> list[Replied]:
    """Return the replies to the best parts of a message, best first."""
    answerer, recorder = tools.answerer, context.recorder
    worth = sorted(parts, key=lambda part: -answerer.nearness_of(part.text) - _ASKS * part.asks)[:_READ_PARTS]
    found = [(part, answerer.retrieve(part.text, recorder=recorder)) for part in worth]
    found.sort(key=lambda entry: -entry[1].confidence - _ASKS * entry[0].asks)
    shown, asked = quoted_in(context.history), questions_before(context.history)
    return [
        Replied(answerer.compose(one, shown=shown, asked=asked, recorder=recorder), part.text) for part, one in found
    ]
