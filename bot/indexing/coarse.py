"""Unit vectors -> the exact cosines of some of them, and which are nearest, without reading all of the rest.

Beside the rows, which stay on disk, their bytes are kept: a quarter of the memory to read. Bytes tell which rows can be
among the nearest, exact cosines are worked out of those alone. It must not know what a row is.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

# What float32 loses in a product of some hundred numbers, and more.
_ROUNDING = 1e-5
# Rows compared with their bytes at a time; it bounds memory.
_AT_ONCE = 4096


def cosines_of(rows: Floats, numbers: Numbers, question: Floats) -> Floats:
    """Return the cosines of some rows with a question, read where they are: they are not copied together first.

    :param rows: (n, d) float32 unit rows.
    :param numbers: (k,) of rows, in any order.
    :param question: (d,) float32 unit vector.
    :returns: (k,) float32; a row's cosine is the same whatever stands beside it.
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
    """Rows with their bytes, which are made when first needed: before a server forks, so that workers share them."""

    def __init__(self, rows: Floats) -> None:
        self._rows = rows

    def nearest(self, question: Floats, count: int) -> tuple[Numbers, Floats, float]:
        """Return rows nearest to a question with their exact cosines, and what no other row's is above.

        :param question: (d,) float32 unit vector.
        :param count: how many rows at most.
        :returns: numbers and cosines, both (found,), in no order; -1 where there are no other rows.
        """
        if len(self._rows) <= count:
            numbers = np.arange(len(self._rows))
            return numbers, cosines_of(self._rows, numbers, question), -1.0
        kept, error = self._bytes
        coarse, found = kept.search(np.ascontiguousarray(question[None]), count)
        return found[0], cosines_of(self._rows, found[0], question), float(coarse[0, -1]) + error

    @cached_property
    def _bytes(self) -> tuple[Any, float]:
        """The rows as bytes, and how far off the cosine by them may be.

        By Cauchy and Schwarz, a cosine with a unit vector is no further off than the row is; rounding adds less than
        the rest.
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
