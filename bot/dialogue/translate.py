"""Answer a message in another language by our glossary, or say that we answer in English."""

from __future__ import annotations

from bot.dialogue.context import Context, Tools
from bot.dialogue.language import in_language
from bot.statuses import AnswerStatus


def translate(context: Context, tools: Tools) -> Context:
    """Reply to a message that is not in English."""
    language = context.language
    if language is None:
        return context
    answer, reading = tools.foreign.answer(context.message, language, tools.answerer, context.recorder)
    if answer is None:
        return context.with_answer(tools.say(AnswerStatus.OTHER_LANGUAGE, in_language(language) or "", context.history))
    return context.with_answer(answer, reading)
