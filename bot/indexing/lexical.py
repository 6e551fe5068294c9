"""Score rows of terms for a question with BM25, by bm25s.

Knows nothing of passages, only of rows of terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# bm25s's "lucene" formula with the usual parameters. Run "BM25 parameters": results for k1 .9, 1.2, 1.5 and b .4, .75
# are within .002 of each other on SciFact and within .03 on the FAQ set, where these are in the upper half.
K1 = 1.2
B = 0.75

_WORD = re.compile(r"[a-z0-9]+")
# Words that every question shares, left out of questions and passages. A list, not a threshold, because in a small
# corpus the word that a family asks about can be in most passages.
_STOP_WORDS = (
    "a about an and any are as at be been being but by can could did do does for from had has have how i if in into is "
    "it its me my no not of on or our should so some such than that the their then there these they this to was we "
    "were what when where which who why will with would you your "
    # Contractions as typed in a hurry; those that are also English words, such as "well" and "shell", are left out.
    "arent cant couldnt didnt doesnt dont hadnt hasnt havent hes im isnt ive shes shouldnt thats theres theyre theyve "
    "wasnt werent weve whats wheres whos wont wouldnt youre youve"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words_of(text: str) -> list[str]:
    """Return the words of a text in order: lower case, accents folded, split at anything but a-z and 0-9.

    :returns: words; "X-linked" gives ``x`` and ``linked``.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKD", text).lower()
    return _WORD.findall("".join(char for char in folded if not unicodedata.combining(char)))


def terms_of(text: str) -> list[str]:
    """Return the stems of a text's words in order, without stop words."""
    return [term_of(word) for word in words_of(text) if word not in STOP_WORDS]


@lru_cache(maxsize=65536)
def term_of(word: str) -> str:
    """Return the stem of a word by Snowball's English rules.

    :param word: one word of ``words_of``.
    """
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    # Without its own cache, which threads cannot share; ``term_of`` has one that they can.
    return Stemmer.Stemmer("english", 0)


def write_lexical(folder: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a BM25 index of rows of terms.

    :param folder: the folder to create.
    :param rows: the terms of each row; a row may be empty.
    """
    import bm25s

    model = bm25s.BM25(k1=K1, b=B, method="lucene")
    vocabulary: dict[str, int] = {}
    ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in row] for row in rows]
    if not vocabulary:
        ids[0] = [vocabulary.setdefault("", 0)]
    model.index((ids, vocabulary), show_progress=False)
    model.save(str(folder), show_progress=False)


class LexicalIndex:
    """A BM25 index on disk, mapped into memory."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        self._model = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        self._starts = np.asarray(self._model.scores["indptr"])
        self._rows = int(self._model.scores["num_docs"])
        self._mask: Floats | None = None

    def __len__(self) -> int:
        return self._rows

    def only(self, seen: NDArray[np.bool_]) -> LexicalIndex:
        """Return an index in which only some rows can be found; word frequencies stay as they are.

        :param seen: (rows,) true for those that can.
        :returns: an index that shares what is on disk.
        """
        index = copy(self)
        index._mask = seen.astype(np.float32)
        return index

    def scores(self, terms: Sequence[str]) -> Floats:
        """Return the BM25 score of every row.

        :param terms: a question's terms; unknown ones add nothing, repeated ones count once.
        :returns: (rows,) float32, 0 or more; 0 for hidden rows.
        """
        known = [term for term in dict.fromkeys(terms) if term in self._model.vocab_dict]
        if not known:
            return np.zeros(self._rows, dtype=np.float32)
        return np.asarray(self._model.get_scores(known, weight_mask=self._mask), dtype=np.float32)

    def document_frequency(self, term: str) -> int:
        """Return the number of rows in which a term occurs.

        :param term: from ``terms_of``.
        """
        number = self._model.vocab_dict.get(term)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])
