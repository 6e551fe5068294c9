"""A question's words and a candidate -> how much of what was asked the passage speaks of, and which names it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answering.spelling import Speller
from bot.indexing.layout import lexical_text
from bot.indexing.lexical import STOP_WORDS, term_of, terms_of, words_of
from bot.records import Passage, Source

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*", re.UNICODE)
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“(]\s*)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks about: its terms in order, and those of them that name something in particular."""

    terms: tuple[str, ...]
    names: tuple[str, ...]


def asked_of(text: str, speller: Speller) -> Asked:
    """Return the terms of a question, and which of them are names.

    A name is a word with a digit (SHANK3, 22q13), a word in capitals or capitalised inside a sentence (Rett), or a
    word that the encoder's vocabulary of common English does not hold whole (nusinersen). Families who type all in
    lower case are served by the last rule.

    :param text: a question, spelling corrected.
    :param speller: knows common English.
    :returns: terms and names, each once, in order.
    """
    names: list[str] = []
    shouted = text.isupper()
    for found in _TOKEN.finditer(text):
        typed = found.group()
        inside = not _SENTENCE_START.search(text[: found.start()])
        capitals = not shouted and (typed[0].isupper() and inside or sum(char.isupper() for char in typed) > 1)
        for word in words_of(typed):
            rare = any(char.isdigit() for char in word) or not _is_plain(word, speller)
            if word not in STOP_WORDS and (rare or capitals):
                names.append(term_of(word))
    return Asked(tuple(dict.fromkeys(terms_of(text))), tuple(dict.fromkeys(names)))


def _is_plain(word: str, speller: Speller) -> bool:
    """Whether a word, or its singular, is common English."""
    return any(speller.is_common(form) for form in (word, word.removesuffix("s"), term_of(word))) or len(word) < 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage, with the names of its source, says of a question.

    ``coverage`` is the share of the question's terms, weighted by rarity, that occur; ``name_fit`` is how alike the
    question's terms and the best label of the source are (weighted Jaccard); both in 0..1. ``missing_names`` are
    names that do not occur.
    """

    coverage: float
    name_fit: float
    missing_names: tuple[str, ...]
    heaviest_missing: float


def weigh(
    asked: Asked, passage: Passage, source: Source, labels: Sequence[str], rarity: Callable[[str], float]
) -> Evidence:
    """Return what a passage says of a question.

    :param asked: the question's terms.
    :param passage: a candidate.
    :param source: where it is from: its key terms and their synonyms count as said.
    :param labels: the labels of the source.
    :param rarity: weight of a term, 0 or more.
    :returns: the evidence.
    """
    said = _said(lexical_text(passage)) | _said(" ".join(_names_of(source))) | _said(" ".join(labels))
    total = sum(rarity(term) for term in asked.terms) or 1.0
    missing = [term for term in asked.terms if not _occurs(term, asked.terms, said)]
    return Evidence(
        coverage=1 - sum(rarity(term) for term in missing) / total,
        name_fit=max((_likeness(asked.terms, label, rarity) for label in labels), default=0.0),
        missing_names=tuple(name for name in asked.names if not _occurs(name, asked.names, said)),
        heaviest_missing=max((rarity(term) for term in missing), default=0.0) / total,
    )


def _names_of(source: Source) -> list[str]:
    return [name for term in source.key_terms for name in (term.term, *term.synonyms)]


def _occurs(term: str, terms: Sequence[str], said: frozenset[str]) -> bool:
    if term in said:
        return True
    # "SHANK 3" and "micro array" are written as one word elsewhere.
    position = terms.index(term)
    pairs = [terms[position - 1] + term] if position else []
    if position + 1 < len(terms):
        pairs.append(term + terms[position + 1])
    return any(pair in said for pair in pairs)


def _likeness(terms: Sequence[str], label: str, rarity: Callable[[str], float]) -> float:
    names, asked = set(_label_terms(label)), set(terms)
    both = sum(rarity(term) for term in names & asked)
    either = sum(rarity(term) for term in names | asked)
    return both / either if either else 0.0


@lru_cache(maxsize=8192)
def _label_terms(label: str) -> tuple[str, ...]:
    return tuple(terms_of(label))


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[str]:
    words = words_of(text)
    joined = {term_of(first + second) for first, second in zip(words, words[1:], strict=False)}
    return frozenset(term_of(word) for word in words) | joined
