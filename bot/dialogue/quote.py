"""Answer with quotations of what was found, and say what the question was understood as."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context, Tools
from bot.dialogue.history import questions_before, quoted_in
from bot.dialogue.smalltalk import said
from bot.records import Notice

_ENDS = " .?!"


def quote(context: Context, tools: Tools) -> Context:
    """Reply with what was found: quoted, offered as near, or that there is nothing."""
    assert context.found is not None, "decide chooses one"
    shown, asked = quoted_in(context.history), questions_before(context.history)
    answer = tools.answerer.compose(context.found, shown=shown, asked=asked, recorder=context.recorder)
    reading = context.reading
    if reading is None or context.found is not context.in_context:
        return context.with_answer(answer)
    # If nothing was found before, the topic is the earlier question itself.
    earlier = {turn.question.strip(_ENDS) for turn in context.history}
    topic = reading.topic.strip(_ENDS)
    text = said("understood_with", asked=topic) if topic in earlier else said("understood", topic=topic)
    understood = Notice("understood", text)
    return context.with_answer(replace(answer, notices=(understood, *answer.notices)), reading.text)
