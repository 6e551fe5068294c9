"""A question in its conversation -> what it may mean, and which parts of it ask something."""

from __future__ import annotations

from dataclasses import replace

from bot.conversing.dialogue.context import Context, Tools
from bot.conversing.followup import reading_of
from bot.conversing.story import parts_of


def contextualise(context: Context, tools: Tools) -> Context:
    """Set ``reading`` and ``parts``. A story is read as a whole first."""
    whole, *parts = parts_of(context.asked)
    return replace(context, reading=reading_of(whole.text, context.history), parts=tuple(parts))
