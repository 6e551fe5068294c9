"""Compute the signals that the reader weighs for each sentence of some passages.

What does not depend on the question is computed once for each passage (``forms_of``); the rest is computed for all
sentences of all passages together. Knows nothing of what the signals are worth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.question import Kind
from bot.answering.snippet import asks, is_listed, leans_back, lists_questions, sentence_texts
from bot.indexing.lexical import terms_of
from bot.records import Passage

Floats = NDArray[np.float32]
Table = NDArray[np.float64]

SIGNALS = (
    "window",
    "asked",
    "cosine",
    "late",
    "overlap",
    "first",
    "first_below_asking_heading",
    "is_question",
    "leans_back",
    "is_listed",
    "defines",
    "has_number",
    "lacks_number",
    "by_host",
    "length",
)
_PLACE = {name: place for place, name in enumerate(SIGNALS)}
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|half|quarter|dozens?|hundreds?|thousands?|millions?)\b",
    re.I,
)
_DEFINES = re.compile(r"\b(is|are|means|refers to|is called|stands for)\b", re.I)
# How many characters of a sentence are searched for a definition, and the length at which it counts as long.
_BEGINNING, _LONG = 80, 300


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The aspects of a question that matter for choosing a sentence: terms, kind, and whether it asks for a number."""

    terms: Sequence[str]
    kind: Kind
    asks_number: bool


@dataclass(frozen=True, slots=True)
class SentenceForms:
    """The properties of the s sentences of a passage that do not depend on the question.

    ``terms`` are each sentence's; ``heading`` holds those of a heading that is a question. ``fixed`` (s, 15) holds the
    signals in the order of ``SIGNALS``; those that depend on the question are set as if it asked for a definition and a
    number. ``tokens`` counts the passage's tokens; ``runs`` says where the tokens of each sentence begin, and
    ``of_run`` which sentence that is, -1 for the heading.
    """

    passage: Passage
    terms: tuple[frozenset[str], ...]
    heading: frozenset[str]
    fixed: Table
    tokens: int
    runs: NDArray[np.int64]
    of_run: NDArray[np.int64]
    lists_questions: bool


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """Cosines with the sentences of some passages, passage by passage.

    ``window`` (s,) is the cosine of the question with each sentence in its place, ``asked`` (s,) with the nearest
    question of the bank that the sentence answers, ``cosine`` (s,) with the sentence alone. ``tokens`` (t, q) is of
    each token of the passages with each of the question, whose weights are ``token_weights`` (q,).
    """

    window: Floats
    asked: Floats
    cosine: Floats
    tokens: Floats
    token_weights: Floats


@dataclass(frozen=True, slots=True)
class SentenceSignals:
    """The signals of some sentences: ``values`` is (s, 15) in the order of ``SIGNALS``."""

    values: Table

    def __getitem__(self, name: str) -> Table:
        column: Table = self.values[:, _PLACE[name]]
        return column

    def rows(self) -> list[dict[str, float]]:
        """Return the signals of each sentence, by name."""
        return [dict(zip(SIGNALS, row, strict=True)) for row in self.values.tolist()]


def forms_of(passage: Passage, token_sentences: NDArray[np.int16], *, host: str | None = None) -> SentenceForms:
    """Return the properties of a passage's sentences in a form that any number of questions can reuse.

    :param token_sentences: (t,) each token's sentence, ascending, -1 for the heading.
    :param host: the interview's host, if it is an interview; what a host says is hardly ever the answer.
    """
    texts = sentence_texts(passage)
    fixed = np.zeros((len(texts), len(SIGNALS)))
    for number, text in enumerate(texts):
        has_number = _NUMBER.search(text) is not None
        own = {
            "first": number == 0,
            "is_question": asks(passage, number),
            "leans_back": leans_back(passage, number),
            "is_listed": is_listed(passage, number),
            "defines": _DEFINES.search(text[:_BEGINNING]) is not None,
            "has_number": has_number,
            "lacks_number": not has_number,
            "by_host": host is not None and passage.sentences[number].speaker == host,
            "length": min(len(text), _LONG) / _LONG,
        }
        fixed[number, [_PLACE[name] for name in own]] = list(own.values())
    of_run, runs = np.unique(token_sentences.astype(np.int64), return_index=True)
    asking = passage.headings[-1] if passage.headings and passage.headings[-1].endswith("?") else ""
    terms = tuple(frozenset(terms_of(text)) for text in texts)
    counts = (len(token_sentences), runs, of_run)
    return SentenceForms(passage, terms, frozenset(terms_of(asking)), fixed, *counts, lists_questions(passage))


def signals_of(forms: Sequence[SentenceForms], vectors: SentenceVectors, question: QuestionForm) -> SentenceSignals:
    """Return the signals that the reader weighs for the sentences of some passages.

    :param vectors: of the same sentences, in the same order.
    """
    values = np.concatenate([one.fixed for one in forms])
    terms = frozenset(question.terms)
    values[:, _PLACE["window"]] = vectors.window
    values[:, _PLACE["asked"]] = vectors.asked
    values[:, _PLACE["cosine"]] = vectors.cosine
    values[:, _PLACE["late"]] = _late_of(forms, vectors)
    said = [len(terms & own) for one in forms for own in one.terms]
    values[:, _PLACE["overlap"]] = np.asarray(said) / max(len(question.terms), 1)
    asked = np.repeat([_heading_asks(one, terms) for one in forms], [len(one.terms) for one in forms])
    values[:, _PLACE["first_below_asking_heading"]] = values[:, _PLACE["first"]] * asked
    if question.kind != "what":
        values[:, _PLACE["defines"]] = 0
    if not question.asks_number:
        values[:, [_PLACE["has_number"], _PLACE["lacks_number"]]] = 0
    return SentenceSignals(values)


def _late_of(forms: Sequence[SentenceForms], vectors: SentenceVectors) -> Table:
    """Return, for each sentence, the weighted mean of its best cosine with each token of the question.

    :returns: (s,); 0 where there are no tokens.
    """
    sentences = np.cumsum([0, *(len(one.terms) for one in forms)])
    tokens = np.cumsum([0, *(one.tokens for one in forms)])
    late = np.zeros(sentences[-1])
    if not len(vectors.tokens):
        return late
    begins = np.concatenate([one.runs + start for one, start in zip(forms, tokens[:-1], strict=True)])
    best = np.maximum.reduceat(vectors.tokens, begins, axis=0)
    owners = np.concatenate(
        [np.where(one.of_run < 0, -1, one.of_run + start) for one, start in zip(forms, sentences[:-1], strict=True)]
    )
    # einsum, because matmul occasionally warns of an invalid value where there is none.
    late[owners[owners >= 0]] = np.einsum("ij,j->i", best, vectors.token_weights)[owners >= 0]
    return late


def _heading_asks(forms: SentenceForms, terms: frozenset[str]) -> bool:
    """Whether the heading is a question and at least half of its terms were asked."""
    return bool(forms.heading) and len(forms.heading & terms) * 2 >= len(forms.heading)
