"""Work out what a question may mean in its conversation, and which parts of it ask something."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.story import parts_of
from bot.dialogue.context import Context, Tools
from bot.dialogue.followup import reading_of


def contextualise(context: Context, tools: Tools) -> Context:
    """Set ``reading`` and ``parts``; a story is read as a whole first."""
    whole, *parts = parts_of(context.asked)
    return replace(context, reading=reading_of(whole.text, context.history), parts=tuple(parts))
