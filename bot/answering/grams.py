"""A text -> its runs of words and of letters, for what is learnt from how people put things.

In: text as typed. Out: counted runs, weighed by their rarity. It must not know what they are learnt for.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_NOT_READ = re.compile(r"[^\w\s?/&]+")
_WORDS, _LETTERS = (1, 2), (2, 5)
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Gram:
    """A run that is looked for: its place in a row, and its rarity."""

    place: int
    rarity: float


def plain(text: str) -> str:
    """Return a text in the form that runs are taken from.

    :param text: as typed.
    :returns: small letters without apostrophes inside words, other signs but ``? / &`` as spaces, single spaces.
    """
    return " ".join(_NOT_READ.sub(" ", _APOSTROPHES.sub("", text.casefold())).split())


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
    :returns: how often each is there, after ``c ``. They are what is left of a word that is misspelt.
    """
    padded = [f" {word} " for word in read.split()]
    return Counter(
        f"c {word[start : start + size]}"
        for word in padded
        for size in range(_LETTERS[0], min(_LETTERS[1], len(word)) + 1)
        for start in range(len(word) - size + 1)
    )


def weighed(runs: Counter[str], grams: Mapping[str, Gram]) -> list[tuple[int, float]]:
    """Return the places of known runs with their weights.

    :param runs: from ``word_grams`` or ``letter_grams``.
    :param grams: the runs that are looked for.
    :returns: one plus the logarithm of the number of each times its rarity, as a vector of length 1; nothing when no
        run is known.
    """
    known = [(gram, count) for run, count in runs.items() if (gram := grams.get(run)) is not None]
    weights = [(1 + math.log(count)) * gram.rarity for gram, count in known]
    length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
    return [(gram.place, weight / length) for (gram, _), weight in zip(known, weights, strict=True)]


def rarities(texts: Sequence[Iterable[str]], fewest: Mapping[str, int]) -> dict[str, float]:
    """Return the runs that several texts have, with their rarity: one plus the logarithm of the number of texts over
    that of those that have it.

    :param texts: the runs of each text.
    :param fewest: how many texts must have a run, by its first letter.
    :returns: rarities by run, in alphabetical order.
    """
    having: Counter[str] = Counter()
    for runs in texts:
        having.update(set(runs))
    kept = sorted(run for run, number in having.items() if number >= fewest[run[0]])
    return {run: round(1 + math.log((1 + len(texts)) / (1 + having[run])), _DIGITS) for run in kept}
