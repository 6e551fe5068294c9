"""Tell whether a question is one of the bank in other words, and which sentences were marked for it.

Works on cosines alone, and knows nothing of how the sentences are shown.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.answering.evidence import QueryTerms

# From this cosine on, a question is one of the bank in other words, and the bank's sentences answer it as surely as
# their author can say. Run "same question": of 1,500 questions by six hands, four are this near one of the bank, each
# of a right source, and no two questions of the bank with different sources are.
SAME_QUESTION = 0.9
# Two readings of the same text give cosines that differ by less than this.
AS_LIKE = 1e-3


def says_what_about(asked: QueryTerms) -> bool:
    """Say whether a question names its subject, unlike "is it safe?", which is asked about many things."""
    return asked.names_something or len(asked.terms) > 1


def marked_in(likeness: NDArray[np.float64]) -> tuple[int, ...]:
    """Return the sentences that answer the likest question of the bank, if it is the same in other words.

    :param likeness: (s,) cosine of the question with the nearest one that each sentence answers.
    :returns: their numbers, ascending.
    """
    floor = max(SAME_QUESTION, float(likeness.max()) - AS_LIKE)
    return tuple(np.flatnonzero(likeness >= floor).tolist())
