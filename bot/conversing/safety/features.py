"""A sentence and its vector -> the numbers that danger is told by: what it means, what it says, and how.

In: text as typed. Out: one row. It must not know what the numbers add up to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.answering.grams import Gram, letter_grams, plain, weighed, word_grams
from bot.conversing.safety.patterns import CUES, KINDS, Book, Pattern

Floats = NDArray[np.float32]

# Signs are 0 or this much. A unit vector's numbers are near .05: at 1 the signs would drown what a sentence means.
SIGN = 0.5
_SAID = (
    # Who it is about, and whether it is now or asked.
    re.compile(r"\b(i|im|ive|id|me|myself)\b"),
    re.compile(r"\b(my|our|his|her|he|she|hes|shes|him|us)\b"),
    re.compile(r"\b(now|just|tonight|today|help|please|minutes?|mins?|still|again)\b"),
    re.compile(r"\?"),
)


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
    signs = [
        *(kind in kinds for kind in KINDS),
        *(pattern in found for pattern in book.patterns),
        *(cue in cues for cue in CUES),
        *(bool(one.search(read)) for one in _SAID),
    ]
    said = np.zeros(len(grams), dtype=np.float32)
    for runs in (word_grams(read), letter_grams(read)):
        for place, weight in weighed(runs, grams):
            said[place] = weight
    return np.concatenate([vector, np.asarray(signs, dtype=np.float32) * SIGN, said]), found
