"""Reply to a message about the last answer: explain its hard words, or tell more."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.phrases import says
from bot.dialogue.context import Context, Tools
from bot.dialogue.followup import asks_for_more
from bot.dialogue.history import asked_before, questions_before, quoted_in
from bot.dialogue.simply import hard_words
from bot.dialogue.smalltalk import said
from bot.statuses import AnswerStatus


def resume(context: Context, tools: Tools) -> Context:
    """Reply to "in simple words" and "tell me more", neither of which is a decision about one person."""
    if context.danger is not None:
        return context
    if says(context.asked, "simply"):
        return _explain(context, tools)
    return _tell_more(context, tools) if asks_for_more(context.asked) else context


def _explain(context: Context, tools: Tools) -> Context:
    """Reply with what the hard words of the last quotations mean."""
    shown = next((turn.shown for turn in reversed(context.history) if turn.shown), ())
    terms = hard_words(shown, tools.answerer)
    answer = tools.say(AnswerStatus.SIMPLY, said("simply" if terms else "simply_nothing"), context.history)
    return context.with_answer(replace(answer, terms=terms))


def _tell_more(context: Context, tools: Tools) -> Context:
    """Reply with the next best sentences on what was answered last."""
    answered = [turn for turn in asked_before(context.history) if turn.shown]
    if not answered:
        return context.with_answer(tools.say(AnswerStatus.NOTHING_BEFORE, said("nothing_before"), context.history))
    last = answered[-1].reading
    found = tools.answerer.retrieve(last, recorder=context.recorder)
    shown, asked = quoted_in(context.history), questions_before(context.history)
    answer = tools.answerer.compose(found, shown=shown, asked=asked, recorder=context.recorder)
    if answer.status != AnswerStatus.ANSWERED:
        answer = tools.say(AnswerStatus.NO_MORE, said("no_more"), context.history)
    return context.with_answer(answer, last)
