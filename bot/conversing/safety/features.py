"""A sentence and its vector -> the numbers that danger is told by: what it means, what it says, and how.

In: text as typed. Out: one row. It must not know what the numbers add up to.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.conversing.safety.patterns import CUES, KINDS, Book, Pattern, plain

Floats = NDArray[np.float32]

# Signs are 0 or this much. A unit vector's numbers are near .05: at 1 the signs would drown what a sentence means.
SIGN = 0.5
# Pieces of words are what is left of a word that is misspelt.
_WORDS, _LETTERS = (1, 2), (2, 5)
_SAID = (
    # Who it is about, and whether it is now or asked.
    re.compile(r"\b(i|im|ive|id|me|myself)\b"),
    re.compile(r"\b(my|our|his|her|he|she|hes|shes|him|us)\b"),
    re.compile(r"\b(now|just|tonight|today|help|please|minutes?|mins?|still|again)\b"),
    re.compile(r"\?"),
)


@dataclass(frozen=True, slots=True)
class Gram:
    """A run of words or letters that exemplars have: its place in the row, and its rarity among them."""

    place: int
    rarity: float


def row_of(text: str, vector: Floats, book: Book, grams: Mapping[str, Gram]) -> tuple[Floats, tuple[Pattern, ...]]:
    """Return what a sentence is judged by.

    :param text: a sentence, or a whole message, as typed.
    :param vector: (d,) its unit vector.
    :param book: the patterns.
    :param grams: the runs that are looked for.
    :returns: (d + signs + grams,) float32, and the patterns that count. The runs of words are a unit vector of their
        own, and so are those of letters.
    """
    read = plain(text)
    cues = book.cues_in(read)
    found = book.found_in(read, cues)
    kinds = {pattern.kind for pattern in found}
    signs = (
        [kind in kinds for kind in KINDS] + [cue in cues for cue in CUES] + [bool(one.search(read)) for one in _SAID]
    )
    said = np.zeros(len(grams), dtype=np.float32)
    for runs in (word_grams(read), letter_grams(read)):
        for place, weight in _weighed(runs, grams):
            said[place] = weight
    return np.concatenate([vector, np.asarray(signs, dtype=np.float32) * SIGN, said]), found


def word_grams(read: str) -> Counter[str]:
    """Return the words of a text and the pairs of neighbours.

    :param read: from ``plain``.
    :returns: how often each is there, after ``w ``.
    """
    words = read.split()
    return Counter(
        f"w {' '.join(words[start : start + size])}"
        for size in range(_WORDS[0], _WORDS[1] + 1)
        for start in range(len(words) - size + 1)
    )


def letter_grams(read: str) -> Counter[str]:
    """Return the runs of letters inside the words of a text, with the spaces at their ends.

    :param read: from ``plain``.
    :returns: how often each is there, after ``c ``.
    """
    padded = [f" {word} " for word in read.split()]
    return Counter(
        f"c {word[start : start + size]}"
        for word in padded
        for size in range(_LETTERS[0], min(_LETTERS[1], len(word)) + 1)
        for start in range(len(word) - size + 1)
    )


def _weighed(runs: Counter[str], grams: Mapping[str, Gram]) -> Iterable[tuple[int, float]]:
    """The places of known runs with one plus the logarithm of their number times their rarity, as a unit vector."""
    known = [(gram, count) for run, count in runs.items() if (gram := grams.get(run)) is not None]
    weights = [(1 + math.log(count)) * gram.rarity for gram, count in known]
    length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
    return [(gram.place, weight / length) for (gram, _), weight in zip(known, weights, strict=True)]
