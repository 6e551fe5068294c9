"""Normalise a typed message, tell its language, and strip greetings and names from what it asks."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.question import accepted
from bot.dialogue.context import Context, Tools
from bot.dialogue.language import other_language
from bot.dialogue.writer import without_writer


def normalise(context: Context, tools: Tools) -> Context:
    """Set ``message``, ``language`` and ``asked``.

    :raises QuestionRejected: for an empty or too long message.
    """
    message = accepted(context.message)
    language = other_language(message, tools.answerer.knows_word)
    asked = message if language is not None else without_writer(message)
    return replace(context, message=message, language=language, asked=asked)
