"""Questions and chatter, as vectors -> what tells them apart, without looking at any corpus.

Retrieval's signals cannot: in a corpus about daily life and insurance, "what is my credit limit" is near to something.
Run "topicality": with them alone 54 % of families' questions that name nothing are answered when .9 % of chatter is;
the question's own vector alone gives 89 % of all of them at 1 %. With a third of the chatter's clusters kept out of the
fit it is 64 %, so a kind of chatter that was never seen is told less well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from bot.answering.confidence import Said, Topicality
from bot.answering.grams import Gram, plain, rarities, weighed, word_grams
from bot.measuring.regression import Floats, balanced, regress

# Of 384 slopes on unit vectors; a tenth and ten times as much are within a point of it.
_PENALTY = 0.1
_FOLDS = 5
_DIGITS = 4
# Runs of words that fewer questions have are left out.
_FEWEST = {"w": 3}
OFF_TOPIC = "off topic"


class Asked(Protocol):
    """A question of a set, with its vector."""

    @property
    def group(self) -> str:
        """The set; those of chatter begin with ``OFF_TOPIC``."""

    @property
    def text(self) -> str:
        """The question."""

    @property
    def vector(self) -> NDArray[np.float32]:
        """(d,) unit vector."""


def fit_topicality(examples: Sequence[Asked], model_sha256: str) -> Topicality:
    """Return what tells questions from chatter, every set weighing the same.

    :param examples: questions of sets, some of them chatter.
    :param model_sha256: of the model that gave their vectors.
    :returns: the regression.
    """
    vectors = np.asarray([example.vector for example in examples], dtype=np.float64)
    runs = [word_grams(plain(example.text)) for example in examples]
    words = rarities(runs, _FEWEST)
    grams = {run: Gram(place, rarity) for place, (run, rarity) in enumerate(words.items())}
    said = _sparse([weighed(one, grams) for one in runs], len(grams))
    right = np.asarray([not example.group.startswith(OFF_TOPIC) for example in examples])
    rows = csr_array(hstack([csr_array(vectors), said]))
    intercept, slopes = regress(rows, right, _weights(examples), penalty=_PENALTY)
    slopes = slopes.round(_DIGITS)
    meant = vectors.shape[1]
    found = zip(words.items(), slopes[meant:].tolist(), strict=True)
    return Topicality(
        model_sha256,
        round(intercept, _DIGITS),
        tuple(slopes[:meant].tolist()),
        {run: Said(rarity, slope) for (run, rarity), slope in found if slope},
    )


def _sparse(rows: Sequence[Sequence[tuple[int, float]]], columns: int) -> csr_array:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    places = [place for row in rows for place, _ in row]
    weights = [weight for row in rows for _, weight in row]
    return csr_array((weights, places, starts), shape=(len(rows), columns))


def out_of_fold(examples: Sequence[Asked], model_sha256: str) -> list[float]:
    """Return each example's score by a fit that has not seen its text, so that what builds on it is not misled.

    :param examples: as for ``fit_topicality``.
    :param model_sha256: as there.
    :returns: log-odds, in the order of the examples.
    """
    folds = [hashlib.sha256(example.text.encode()).digest()[0] % _FOLDS for example in examples]
    fits = [
        fit_topicality([e for e, its in zip(examples, folds, strict=True) if its != fold], model_sha256)
        for fold in range(_FOLDS)
    ]
    return [fits[fold].score(e.text, e.vector, model_sha256) for e, fold in zip(examples, folds, strict=True)]


def _weights(examples: Sequence[Asked]) -> Floats:
    """All chatter weighs as much as all questions, and each set of one side as much as another."""
    chatter = [example.group.startswith(OFF_TOPIC) for example in examples]
    groups = [example.group for example in examples]
    sets = {side: len({g for g, c in zip(groups, chatter, strict=True) if c == side}) for side in (True, False)}
    return balanced(groups, np.asarray([1 / sets[side] for side in chatter]))
