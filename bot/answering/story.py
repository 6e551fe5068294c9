"""Split a message into sentences, and tell which of them ask something.

Chat is not prose: capitals and full stops are missing, and line ends stand for them. Every part is a slice of the
message. Knows nothing of what is answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answering.phrases import says
from bot.indexing.lexical import terms_of

# A message with more words than this is a story with a question in it.
STORY_WORDS = 28

# Where one question ends and the next begins within a sentence, and the fewest words that each must have.
_AND_ASKS = re.compile(
    r",? and (?=(?:will|is|are|can|could|do|does|did|should|would|how|what|why|when|who|where|which)\b)", re.I
)
_FEWEST_WORDS = 3

# A question with more terms than this says for itself what it is about.
_FEW_TERMS = 2
_POINTS = re.compile(r"\b(it|its|they|them|their|this|that|these|those|so|then|there|one|ones)\b")

# White space is matched from where it begins and never given back, so that a long run of it is read once.
_END = re.compile(r"(?<=[.!?…])[\"”')]*+\s++(?=\S)|(?<!\s)[^\S\n]*+\n\s*+|(?<!\s)\s++[-–—]{1,2}\s++")
# "Dr. Smith", "e.g. this" and "3. turn" do not end a sentence.
_NO_END = re.compile(r"(?:\b(?:dr|mr|mrs|ms|st|prof|vs|e\.g|i\.e|etc|approx|no|fig)|\b[a-z]|\d)\.$", re.I)
# The length of the longest of these, with the sign before it.
_NO_END_CHARS = 8


def sentences_of(message: str) -> list[str]:
    """Return the sentences of a message.

    :returns: slices in order, without white space at their ends; a message without an end of sentence is one.
    """
    sentences: list[str] = []
    begin = 0
    for found in _END.finditer(message):
        said = message[begin : found.start()].strip()
        if not said or (_NO_END.search(said[-_NO_END_CHARS:]) and "\n" not in found.group()):
            continue
        sentences.append(said)
        begin = found.end()
    last = message[begin:].strip()
    return [*sentences, last] if last else sentences


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A stretch of a message that may be what is asked; ``asks`` means that it has the form of a question."""

    text: str
    asks: bool


def parts_of(message: str) -> list[MessagePart]:
    """Return what a message may ask: the whole, and each of its sentences if it is long or asks twice.

    :returns: one or more parts, the whole first, then in order. A sentence that leans on the one before it includes it.
    """
    whole = MessagePart(message.strip(), asks(message))
    sentences = sentences_of(message)
    if len(sentences) < 2:
        return [whole]
    if len(message.split()) <= STORY_WORDS and sum(map(asks, sentences)) < 2:
        return [whole]
    parts = (_parts_of(sentences, number) for number in range(len(sentences)))
    return [whole, *(part for some in parts for part in some)]


def _parts_of(sentences: list[str], number: int) -> list[MessagePart]:
    """Return a sentence with what it leans on, split in two if it asks twice: "Is it my fault, and will he talk?"."""
    sentence = sentences[number]
    if not asks(sentence):
        return [MessagePart(_with_what_it_leans_on(sentences, number), asks=False)]
    first, *others = _AND_ASKS.split(sentence)
    if not all(len(one.split()) >= _FEWEST_WORDS for one in (first, *others)):
        return [MessagePart(_with_what_it_leans_on(sentences, number), asks=True)]
    before = [*sentences[:number], first]
    return [
        MessagePart(_with_what_it_leans_on(before, number), asks=True),
        *(MessagePart(one, asks=True) for one in others),
    ]


def _with_what_it_leans_on(sentences: list[str], number: int) -> str:
    """Return a sentence, with the one before it if it needs that, as in "He pulls it off. Is it worth it?"."""
    sentence = sentences[number]
    terms = terms_of(sentence)
    points = len(terms) <= _FEW_TERMS and _POINTS.search(sentence.lower()) is not None
    if number == 0 or asks(sentences[number - 1]) or (terms and not points):
        return sentence
    return f"{sentences[number - 1]} {sentence}"


def asks(sentence: str) -> bool:
    """Say whether a sentence asks something.

    :returns: true if it ends with a question mark, begins like a question or says that the writer wants to know.
    """
    return sentence.rstrip("\"”')*_ ").endswith("?") or says(sentence, "asks")
