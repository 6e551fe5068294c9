"""A message -> its sentences, and those of them that ask.

Chat is not prose: capitals and full stops are missing, line ends stand for them. In: text as typed. Out: slices of it.
It must not know what is answered.
"""

from __future__ import annotations

import re

from bot.conversing.phrases import says
from bot.indexing.lexical import terms_of

# Beyond this a message is a story with a question in it.
STORY_WORDS = 28
MAX_QUESTIONS = 2

# A question with more terms says itself what it is about.
_FEW_TERMS = 2
_POINTS = re.compile(r"\b(it|its|they|them|their|this|that|these|those|so|then|there|one|ones)\b")

_END = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=\S)|\s*\n+\s*|\s+[-–—]{1,2}\s+")
# "Dr. Smith", "e.g. this" and "3. turn" do not end a sentence.
_NO_END = re.compile(r"(?:\b(?:dr|mr|mrs|ms|st|prof|vs|e\.g|i\.e|etc|approx|no|fig)|\b[a-z]|\d)\.$", re.I)


def sentences_of(message: str) -> list[str]:
    """Return the sentences of a message.

    :param message: as typed.
    :returns: slices in order, without white space at their ends; a message without an end of sentence is one.
    """
    sentences: list[str] = []
    begin = 0
    for found in _END.finditer(message):
        said = message[begin : found.start()].strip()
        if not said or (_NO_END.search(said) and "\n" not in found.group()):
            continue
        sentences.append(said)
        begin = found.end()
    last = message[begin:].strip()
    return [*sentences, last] if last else sentences


def questions_in(message: str) -> list[str]:
    """Return what a message asks: itself when it is short, else its sentences that ask.

    :param message: as typed.
    :returns: one to ``MAX_QUESTIONS`` texts in order. A sentence that leans on the one before it brings it along.
    """
    sentences = sentences_of(message)
    asking = [number for number, said in enumerate(sentences) if asks(said)]
    if len(sentences) < 2 or not asking:
        return [message.strip() if len(message.split()) <= STORY_WORDS or not sentences else _densest(sentences)]
    return [_with_what_it_leans_on(message, sentences, number) for number in asking[-MAX_QUESTIONS:]]


def _with_what_it_leans_on(message: str, sentences: list[str], number: int) -> str:
    """A sentence, from the one before it on if it says nothing by itself, as in "He pulls it off. Is it worth it?"."""
    sentence = sentences[number]
    terms = terms_of(sentence)
    points = len(terms) <= _FEW_TERMS and _POINTS.search(sentence.lower()) is not None
    if number == 0 or asks(sentences[number - 1]) or (terms and not points):
        return sentence
    end = message.rindex(sentence) + len(sentence)
    return message[message.rindex(sentences[number - 1], 0, end) : end]


def asks(sentence: str) -> bool:
    """Return whether a sentence asks something.

    :param sentence: as typed.
    :returns: true for one that ends with a question mark, begins like a question or says that one wants to know.
    """
    return sentence.rstrip("\"”')*_ ").endswith("?") or says(sentence, "asks")


def _densest(sentences: list[str]) -> str:
    """Without a question, the longest sentence says most."""
    return max(sentences, key=len)
