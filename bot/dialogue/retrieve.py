"""Look up a question and its reading in the corpus."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.question import stands_alone
from bot.dialogue.context import Context, Tools
from bot.dialogue.followup import surely_leans


def retrieve(context: Context, tools: Tools) -> Context:
    """Set ``alone``, ``in_context`` or both; a question that means nothing by itself is not looked up alone."""
    question, reading, recorder = context.asked.strip(), context.reading, context.recorder
    if reading is None:
        return replace(context, alone=tools.answerer.retrieve(question, recorder=recorder))
    read = tools.answerer.retrieve_in_context(question, reading=reading.text, about=reading.topic, recorder=recorder)
    if surely_leans(question):
        return replace(context, in_context=read)
    alone = tools.answerer.retrieve(question, in_conversation=not stands_alone(question), recorder=recorder)
    recorder.leaning(read.confidence - alone.confidence)
    return replace(context, alone=alone, in_context=read)
