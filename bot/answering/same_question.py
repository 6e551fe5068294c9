"""How like a question is to those of the bank -> whether it is one in other words, and what was marked for it.

In: cosines of sentences' questions. Out: numbers of sentences. It must not know how they are shown.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.answering.evidence import QueryTerms

# From this cosine on a question is one of the bank in other words: its sentences are what answers, as surely as
# somebody who wrote them down can say. Run "same question": of 1,500 questions of six hands four are so near one of the
# bank, each of a right source, and no two questions of the bank of different sources are.
SAME_QUESTION = 0.9
# Cosines of the same text, read twice, differ by less than this.
AS_LIKE = 1e-3


def says_what_about(asked: QueryTerms) -> bool:
    """Return whether a question is more than "is it safe?", which is asked about many things in the same words."""
    return asked.names_something or len(asked.terms) > 1


def marked_in(likeness: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the sentences that answer the likest question of the bank, if it is the same in other words.

    :param likeness: (s,) cosine of the question with the nearest one that each sentence answers.
    :returns: their numbers, ascending.
    """
    floor = max(SAME_QUESTION, float(likeness.max()) - AS_LIKE)
    return tuple(np.flatnonzero(likeness >= floor).tolist())
