"""Unit vectors in, nearest rows out, by FAISS: exact up to a measured size, an HNSW graph beyond it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

# bench/dense_index.py, table in docs/bench-dense-index.md: exact search of 50,000 rows takes as long as a question's
# encoding; the graph below reaches recall@100 of .99 there and needs half as much memory again.
EXACT_ROWS = 50_000
GRAPH_LINKS = 32
GRAPH_BUILD_BREADTH = 200
GRAPH_SEARCH_BREADTH = 256

GRAPH_FILE = "vectors.hnsw.faiss"


def needs_graph(rows: int) -> bool:
    """Return whether an index of this many rows is searched through a graph.

    :param rows: how many vectors there are.
    :returns: true beyond ``EXACT_ROWS``.
    """
    return rows > EXACT_ROWS


def write_graph(path: Path, vectors: Floats) -> None:
    """Write an HNSW graph over unit vectors.

    :param path: the file to write.
    :param vectors: (n, d) float32 unit rows.
    """
    import faiss

    # An index opened in this process before has left one thread, which is right for searching only.
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    graph = faiss.IndexHNSWFlat(vectors.shape[1], GRAPH_LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = GRAPH_BUILD_BREADTH
    graph.add(np.ascontiguousarray(vectors))
    faiss.omp_set_num_threads(1)
    faiss.write_index(graph, str(path))


class DenseIndex:
    """Nearest rows by cosine. ``vectors`` may be a memory map, so that workers share its pages."""

    def __init__(self, vectors: Floats, graph_path: Path | None = None) -> None:
        import faiss

        # Workers share the cores; a search that starts threads of its own only waits for them.
        faiss.omp_set_num_threads(1)
        self._faiss: Any = faiss
        self._vectors = vectors
        self._graph: Any = None
        if graph_path is not None:
            self._graph = faiss.read_index(str(graph_path), faiss.IO_FLAG_MMAP_IFC)
            self._graph.hnsw.efSearch = GRAPH_SEARCH_BREADTH

    def search(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows nearest to a vector, best first.

        :param vector: (d,) float32 unit vector.
        :param count: how many rows at most.
        :returns: rows and cosines, both (found,); FAISS's -1 for "no neighbour" is removed here and nowhere else.
        """
        asked = min(count, len(self._vectors))
        if not asked:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        question = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        if self._graph is not None:
            cosines, rows = self._graph.search(question, asked)
        else:
            metric = self._faiss.METRIC_INNER_PRODUCT
            cosines, rows = self._faiss.knn(question, self._vectors, asked, metric=metric)
        found = rows[0] >= 0
        return rows[0][found].astype(np.int64), cosines[0][found].astype(np.float32)
