"""Correct mistyped words of a question to the corpus's own spelling, and report each change.

A word is only touched if neither the corpus nor the encoder's vocabulary of common English words knows it, and only if
one word of the corpus is clearly the nearest. Every change is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.indexing.lexical import term_of, words_of

# Edits allowed by the length of the word: the rule of Elasticsearch's "AUTO" fuzziness, one letter stricter because a
# wrong correction names another disease.
_ONE_EDIT_FROM, _TWO_EDITS_FROM = 5, 8
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
# Contractions as people type them on a phone: none was meant as a word of the corpus, and none is a name.
_CONTRACTIONS = frozenset(
    re.findall(
        r"\w+",
        """aint arent cant couldnt couldve didnt doesnt dont hadnt hasnt havent hed hes hows id ill im isnt itd itll ive
        mightnt mustnt neednt shant shed shes shouldnt shouldve thatd thatll thats thered theres theyd theyll theyre
        theyve wasnt wed weve werent whatre whats whens wheres whod wholl whos whove whys wont wouldnt wouldve yall
        youd youll youre youve""",
    )
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as it was typed and as the corpus spells it."""

    typed: str
    meant: str


class Speller:
    """A spelling corrector towards the words of one Build."""

    def __init__(self, vocabulary: Mapping[str, int], common_words: frozenset[str]) -> None:
        self._frequency = vocabulary
        self._common = common_words
        self._terms = {term_of(word) for word in vocabulary}
        self._targets = [word for word in vocabulary if len(word) >= _ONE_EDIT_FROM - 1 and word.isalpha()]

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """Return the text with mistyped words replaced, and the replacements in order."""
        corrections: dict[str, Correction] = {}

        def replace(found: re.Match[str]) -> str:
            meant = self._nearest(found.group())
            if meant is None:
                return found.group()
            corrections.setdefault(found.group(), Correction(found.group(), meant))
            return meant

        corrected = _WORD.sub(replace, text)
        return corrected, tuple(corrections.values())

    def knows(self, word: str) -> bool:
        """Say whether a word, or another form of it, is in the corpus.

        :param word: one word of ``words_of``.
        """
        return word in self._frequency or term_of(word) in self._terms

    def is_common(self, word: str) -> bool:
        """Say whether a word is common English, whatever the corpus holds.

        :param word: one word of ``words_of``.
        :returns: true for words that the encoder knows whole, and for contractions such as "didnt".
        """
        return word in self._common or word in _CONTRACTIONS

    def _nearest(self, typed: str) -> str | None:
        parts = words_of(typed)
        if len(parts) != 1 or len(parts[0]) < _ONE_EDIT_FROM or self.knows(parts[0]) or self.is_common(parts[0]):
            return None
        word = parts[0]
        allowed = 2 if len(word) >= _TWO_EDITS_FROM else 1
        found = process.extract(word, self._targets, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        # A first letter is seldom mistyped, and names that differ there are often different names.
        near = [(int(distance), target) for target, distance, _ in found if target[0] == word[0]]
        if not near:
            return None
        best = min(distance for distance, _ in near)
        nearest = [target for distance, target in near if distance == best]
        if len({term_of(target) for target in nearest}) > 1:
            return None
        return max(nearest, key=lambda target: self._frequency[target])
