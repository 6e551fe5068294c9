"""Reduce a question to one vector of what it asks, to tell whether two families ask the same.

The encoder's own vector weighs all words alike, so that any two questions about "my son" come out similar. Here each
word counts by its rarity in the corpus, and words that nearly every question has do not count at all. Knows nothing of
tickets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.indexing.index import Index

Floats = NDArray[np.float32]
_WORD = re.compile(r"\w+")
# The people and things that nearly everyone here writes about. Brothers and sisters are left out: questions about them
# are distinct. With these words counted, the adjusted Rand index of run "tickets" is .80 instead of .81.
_EVERYBODYS = frozenset((
    "baby", "boy", "child", "childs", "children", "condition", "conditions", "daughter", "daughters", "disease",
    "diseases", "disorder", "disorders", "girl", "illness", "kid", "kids", "rare", "son", "sons", "syndrome",
    "syndromes", "toddler",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gist:
    """What a question asks.

    ``vector`` is (d,) float32 of unit length, ``model`` the digest of the model that made it, ``words`` the question's
    word count.
    """

    vector: Floats
    model: str
    words: int = 0


def gist_of(index: Index, text: str) -> Gist:
    """Return what a question asks.

    :param index: supplies the encoder and the rarities.
    :returns: the mean of the last layer's states over the words, weighted by rarity.
    """
    read = index.encoder.encode_question(text)
    weights = index.token_weights(read.token_ids).copy()
    for word in _WORD.finditer(text):
        if word[0].casefold() in _EVERYBODYS:
            weights[(read.token_spans[:, 0] >= word.start()) & (read.token_spans[:, 1] <= word.end())] = 0
    vector = weights @ read.states if weights.any() else read.vector
    gist = np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
    return Gist(gist, index.encoder.card.sha256, len(_WORD.findall(text)))
