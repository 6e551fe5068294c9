"""List the numbers in many ranges: the rows of a table that belong to some texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def in_ranges(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each begin up to its end, one range after another.

    :returns: (sum of the lengths,) numbers.
    """
    counts = ends - begins
    before = np.cumsum(counts) - counts
    found: NDArray[np.int64] = np.arange(int(counts.sum())) + np.repeat(begins - before, counts)
    return found
