"""Introduce an answer with a sentence that it needs: whose words it quotes, or what nothing speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.answering.phrases import says
from bot.dialogue.context import Context, Tools
from bot.dialogue.smalltalk import said
from bot.indexing.lexical import terms_of
from bot.privacy.redaction import redact
from bot.statuses import AnswerStatus

_WORD = re.compile(r"[^\W\d_]{4,}(?:['’-][^\W\d_]+)*")
# Words said in passing that name nothing.
_IN_PASSING = {"gonna", "wanna", "gotta", "dunno", "kinda", "sorta", "lemme", "gimme", "becuz", "hubby", "kiddo"}
# More missing words mean that the question is about something else altogether; naming them would not help anyone find a
# better word.
_MOST_NAMED = 2


def introduce(context: Context, tools: Tools) -> Context:
    """Put "Our source says" before a quotation that answers a claim; name the words that nothing speaks of."""
    answer = context.reply.answer
    if answer.status == AnswerStatus.ANSWERED and answer.message is None and says(context.asked, "premise"):
        answer = replace(answer, message=said("source_says"))
    if answer.status == AnswerStatus.NO_MATCH and context.language is None:
        missing = list(_missing(context.asked, tools))
        if 0 < len(missing) <= _MOST_NAMED:
            quoted = [f"“{word}”" for word in missing]
            answer = replace(answer, message=said("nothing_speaks_of", words=" or ".join(quoted)))
    return replace(context, replied=replace(context.reply, answer=answer))


def _missing(asked: str, tools: Tools) -> Iterator[str]:
    """Yield each word of a question that no passage has, leaving out any that may identify the writer."""
    seen: set[str] = set()
    for word in _WORD.findall(redact(asked)):
        is_told = word.islower() and word not in seen | _IN_PASSING and terms_of(word)
        if is_told and not any(map(tools.answerer.knows_word, re.split(r"\W", word))):
            seen.add(word)
            yield word
