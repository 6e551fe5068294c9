"""Find the unit vectors nearest to a question without reading all of them, and compute exact cosines of some.

The rows stay on disk; a copy in bytes, a quarter as much to read, is kept in memory. The bytes tell which rows can be
among the nearest, and exact cosines are computed for those alone. Knows nothing of what a row is.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

# More than float32 loses in a product of some hundred numbers.
_ROUNDING = 1e-5
# Rows compared with their bytes at once; it bounds memory.
_AT_ONCE = 4096


def cosines_of(rows: Floats, numbers: Numbers, question: Floats) -> Floats:
    """Return the cosines of some rows with a question, reading the rows in place instead of copying them together.

    :param rows: (n, d) float32 unit rows.
    :param numbers: (k,) numbers of rows, in any order.
    :param question: (d,) float32 unit vector.
    :returns: (k,) float32; a row's cosine does not depend on the other rows.
    """
    import faiss

    library: Any = faiss  # its types leave this function out
    found = np.empty(len(numbers), dtype=np.float32)
    if len(numbers):
        numbers, question = np.ascontiguousarray(numbers, dtype=np.int64), np.ascontiguousarray(question)
        pointers = [faiss.swig_ptr(each) for each in (found, question, rows, numbers)]
        library.fvec_inner_products_by_idx(*pointers, rows.shape[1], 1, len(numbers))
    return found


class CoarseRows:
    """Rows with a copy in bytes, which is made on first use: before a server forks, so that its workers share it."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows

    def nearest(self, question: Floats, count: int) -> tuple[Numbers, Floats, float]:
        """Return rows nearest to a question with their exact cosines, and an upper bound on every other row's cosine.

        :param question: (d,) float32 unit vector.
        :param count: the most rows to return.
        :returns: numbers and cosines, both (found,), in no order, and the bound, -1 if there are no other rows.
        """
        if len(self._rows) <= count:
            numbers = np.arange(len(self._rows))
            return numbers, cosines_of(self._rows, numbers, question), -1.0
        kept, error = self._bytes
        coarse, found = kept.search(np.ascontiguousarray(question[None]), count)
        return found[0], cosines_of(self._rows, found[0], question), float(coarse[0, -1]) + error

    @cached_property
    def _bytes(self) -> tuple[Any, float]:
        """The rows as bytes, and the largest error of a cosine computed from them.

        By Cauchy and Schwarz, a cosine with a unit vector is no further off than the row is; the constant covers
        rounding.
        """
        import faiss

        kind = faiss.ScalarQuantizer.QT_8bit_uniform
        kept = faiss.IndexScalarQuantizer(self._rows.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        kept.train(self._rows)
        kept.add(self._rows)
        error = 0.0
        for start in range(0, len(self._rows), _AT_ONCE):
            part = self._rows[start : start + _AT_ONCE]
            off = np.linalg.norm(part - kept.reconstruct_n(start, len(part)), axis=1)
            error = max(error, float(off.max()))
        return kept, error + _ROUNDING
