"""Find the rows nearest to a unit vector by FAISS: exactly up to a measured size, by an HNSW graph beyond it.

``Nearest`` is all that retrieval needs from the vectors of a Build; ``bot.indexing.engine`` has the other
implementation.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from copy import copy
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

# docs/bench-dense-index.md: exact search of 50,000 rows takes as long as encoding a question; below that size, a graph
# with the same recall saves less than a millisecond.
EXACT_ROWS = 50_000
# The same page: with 32 links and a build breadth of 200, a graph of real passages finds .992 of real questions'
# neighbours; with these values .995, at the same speed.
GRAPH_LINKS = 48
GRAPH_BUILD_BREADTH = 400
# The search breadth that a graph needs depends on its vectors; each graph is tried with these until it finds enough.
GRAPH_SEARCH_BREADTHS = (256, 512, 1024, 2048)
RECALL, RECALL_NEIGHBOURS, RECALL_QUESTIONS = 0.99, 100, 200


def needs_graph(rows: int) -> bool:
    """Say whether an index of this many rows, more than ``EXACT_ROWS``, is searched through a graph."""
    return rows > EXACT_ROWS


def write_graph(path: Path, vectors: Floats) -> float:
    """Write an HNSW graph over unit vectors, with the breadth at which it finds ``RECALL`` of the nearest rows.

    :param path: the file to write; it is not written if no breadth is enough, so that search stays exact.
    :param vectors: (n, d) float32 unit rows.
    :returns: the recall of what was written, or the best that was not enough.
    """
    import faiss

    # An index opened earlier in this process has set one thread, which is right only for searching.
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    graph = faiss.IndexHNSWFlat(vectors.shape[1], GRAPH_LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = GRAPH_BUILD_BREADTH
    graph.add(np.ascontiguousarray(vectors))

    def search(breadth: int, questions: Floats, count: int) -> Rows:
        graph.hnsw.efSearch = breadth
        found: Rows = graph.search(questions, count)[1]
        return found

    _, recall = widen(vectors, GRAPH_SEARCH_BREADTHS, search)
    faiss.omp_set_num_threads(1)
    if recall >= RECALL:
        faiss.write_index(graph, str(path))
    return recall


def widen(vectors: Floats, breadths: Sequence[int], search: Callable[[int, Floats, int], Rows]) -> tuple[int, float]:
    """Return the first breadth at which a graph finds ``RECALL`` of the nearest rows, else the last, and its recall.

    :param vectors: (n, d) float32 unit rows of which the graph is made.
    :param breadths: ascending.
    :param search: returns (q, count) rows for a breadth, (q, d) questions and a count.
    """
    import faiss

    questions, count = _between(vectors), min(RECALL_NEIGHBOURS, len(vectors))
    _, exact = faiss.knn(questions, vectors, count, metric=faiss.METRIC_INNER_PRODUCT)
    for breadth in breadths:
        found = search(breadth, questions, count)
        recall = float(np.mean([len(np.intersect1d(a, b)) / count for a, b in zip(found, exact, strict=True)]))
        if recall >= RECALL:
            break
    return breadth, recall


def _between(vectors: Floats) -> Floats:
    """Return points half-way between two random rows.

    Their neighbours are harder to find than those of real questions (.991 against .995), so that a breadth that is
    enough for them is enough for real questions.
    """
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, len(vectors), (2, RECALL_QUESTIONS))
    middle = vectors[one] + vectors[other] + np.float32(1e-6)
    return np.asarray(middle / np.linalg.norm(middle, axis=1, keepdims=True), dtype=np.float32)


class Nearest(Protocol):
    """An index of a Build's vectors that finds the rows nearest to a vector."""

    def only(self, seen: NDArray[np.bool_], tags: Collection[str] = ()) -> Nearest:
        """Return an index in which only some rows can be found."""

    def search(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows nearest to a vector with their cosines, best first."""


class DenseIndex:
    """Nearest rows by cosine.

    ``vectors`` may be a memory map, so that workers share its pages; the graph, if there is one at its path, is one
    too.
    """

    def __init__(self, vectors: Floats, graph_path: Path | None = None) -> None:
        import faiss

        # Workers share the cores; a search that starts its own threads only waits for them.
        faiss.omp_set_num_threads(1)
        self._faiss: Any = faiss
        self._vectors = vectors
        self._seen: Any = None
        self._count = len(vectors)
        self._graph: Any = None
        if graph_path is not None and graph_path.exists():
            # The file holds its search breadth.
            self._graph = faiss.read_index(str(graph_path), faiss.IO_FLAG_MMAP_IFC)

    def only(self, seen: NDArray[np.bool_], tags: Collection[str] = ()) -> DenseIndex:
        """Return an index in which only some rows can be found.

        :param seen: (rows,) true for those that can.
        :returns: an index that shares the vectors and the graph.
        """
        index = copy(self)
        index._seen = self._faiss.IDSelectorBitmap(np.packbits(seen, bitorder="little"))
        index._count = int(np.count_nonzero(seen))
        return index

    def search(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows nearest to a vector, best first.

        :param vector: (d,) float32 unit vector.
        :param count: the most rows to return.
        :returns: rows and cosines, both (found,); FAISS's -1 for "no neighbour" is removed here and nowhere else.
        """
        asked = min(count, self._count)
        if not asked:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        question = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        find = self._among_all if self._seen is None else self._among_seen
        cosines, rows = find(question, asked)
        found = rows[0] >= 0
        return rows[0][found].astype(np.int64), cosines[0][found].astype(np.float32)

    def _among_all(self, question: Floats, asked: int) -> tuple[Floats, Rows]:
        if self._graph is not None:
            found: tuple[Floats, Rows] = self._graph.search(question, asked)
            return found
        exact: tuple[Floats, Rows] = self._faiss.knn(
            question, self._vectors, asked, metric=self._faiss.METRIC_INNER_PRODUCT
        )
        return exact

    def _among_seen(self, question: Floats, asked: int) -> tuple[Floats, Rows]:
        if self._graph is None or not needs_graph(self._count):
            return self._exact_among_seen(question, asked)
        # Wider than for all rows, because the walk through the graph meets that many more rows that are hidden.
        breadth = min(self._graph.hnsw.efSearch * len(self._vectors) // self._count, GRAPH_SEARCH_BREADTHS[-1])
        wider = self._faiss.SearchParametersHNSW(sel=self._seen, efSearch=breadth)
        found: tuple[Floats, Rows] = self._graph.search(question, asked, params=wider)
        return found

    def _exact_among_seen(self, question: Floats, asked: int) -> tuple[Floats, Rows]:
        """Search like ``faiss.knn``, which takes no selector: hidden rows are skipped without being read."""
        cosines, rows = np.empty((1, asked), dtype=np.float32), np.empty((1, asked), dtype=np.int64)
        vectors = np.ascontiguousarray(self._vectors)
        pointer = self._faiss.swig_ptr
        self._faiss.knn_inner_product(
            pointer(question), pointer(vectors), vectors.shape[1], 1, len(vectors), asked,
            pointer(cosines), pointer(rows), self._seen,
        )  # fmt: skip
        return cosines, rows
