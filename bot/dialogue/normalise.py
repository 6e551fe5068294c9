"""What was typed -> the same as everything reads it, its language, and what is asked without a greeting or a name."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.question import accepted
from bot.dialogue.context import Context, Tools
from bot.dialogue.language import other_language
from bot.dialogue.writer import without_writer


def normalise(context: Context, tools: Tools) -> Context:
    """Set ``message``, ``language`` and ``asked``; an empty or too long message raises QuestionRejected."""
    message = accepted(context.message)
    language = other_language(message, tools.answerer.knows_word)
    asked = message if language is not None else without_writer(message)
    return replace(context, message=message, language=language, asked=asked)
