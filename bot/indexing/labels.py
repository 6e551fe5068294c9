"""Find the sources whose names and questions are near to a question, by vectors."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.indexing.dense import DenseIndex
from bot.indexing.late import LateInteraction
from bot.indexing.ranges import in_ranges
from bot.indexing.table import VectorTable

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LabelRuns:
    """The labels of some sources.

    ``labels`` are numbers of labels, with each source's in one run; ``begins`` (r,) is where each run begins; ``back``
    (n,) is the run of each of the requested sources.
    """

    labels: NDArray[np.int64]
    begins: NDArray[np.int64]
    back: NDArray[np.int64]


class LabelIndex:
    """The titles, other names and authored questions of sources, as vectors.

    ``entries`` (m, 2) int64 says which source has which label, ascending by source.
    """

    def __init__(
        self,
        texts: Sequence[str],
        entries: NDArray[np.int64],
        table: VectorTable,
        dense: DenseIndex,
        late: LateInteraction,
    ) -> None:
        self._texts = texts
        self._table = table
        self._late = late
        self._dense = dense
        self._labels = entries[:, 1]
        sources = int(entries[-1, 0]) + 1 if len(entries) else 0
        self._starts = np.searchsorted(entries[:, 0], np.arange(sources + 1))
        by_label = np.argsort(entries[:, 1], kind="stable")
        self._owners = entries[by_label, 0]
        self._owner_starts = np.searchsorted(entries[by_label, 1], np.arange(len(texts) + 1))
        self._seen: NDArray[np.bool_] | None = None

    def only(self, seen: NDArray[np.bool_]) -> LabelIndex:
        """Return an index in which only some sources are found.

        :param seen: (sources,) true for those that are, by number.
        :returns: an index that shares the vectors.
        """
        index = copy(self)
        label_seen = np.zeros(len(self._texts), dtype=bool)
        label_seen[self._labels[np.repeat(seen[: len(self._starts) - 1], np.diff(self._starts))]] = True
        index._dense = self._dense.only(label_seen)
        index._seen = seen
        return index

    def __len__(self) -> int:
        return len(self._texts)

    def nearest_sources(self, vector: Floats, count: int) -> NDArray[np.int64]:
        """Return the sources whose labels are nearest to a vector.

        :param vector: (d,) unit vector.
        :param count: the most labels to search for.
        :returns: numbers of sources, ascending, each once.
        """
        labels, _ = self._dense.search(vector, count)
        owners = [self._owners[self._owner_starts[label] : self._owner_starts[label + 1]] for label in labels]
        found = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *owners]))
        # Several sources may share a label, and some of them may be hidden.
        return found if self._seen is None else found[self._seen[found]]

    def runs_of(self, sources: NDArray[np.int64]) -> LabelRuns:
        """Return the labels of some sources, for ``best_cosines`` and ``best_token_cosines``.

        :param sources: (n,) numbers of sources; one may occur more than once.
        """
        asked = np.zeros(len(self._starts) - 1, dtype=bool)
        asked[sources] = True
        different, back = np.flatnonzero(asked), (np.cumsum(asked) - 1)[sources]
        starts, ends = self._starts[different], self._starts[different + 1]
        begins = np.cumsum(ends - starts) - (ends - starts)
        return LabelRuns(self._labels.take(in_ranges(starts, ends)), begins, back)

    def best_cosines(self, vector: Floats, runs: LabelRuns) -> Floats:
        """Return each source's best cosine of a label with a vector.

        :param vector: (d,) unit vector.
        :returns: (n,) float32.
        """
        cosines = self._table.cosines(vector, runs.labels)
        return np.asarray(np.maximum.reduceat(cosines, runs.begins)[runs.back], dtype=np.float32)

    def best_token_cosines(self, question: Floats, runs: LabelRuns) -> Floats:
        """Return, for each source and question token, the best cosine with any token of any label.

        :param question: (q, d) float32 unit rows.
        :returns: (n, q) float32.
        """
        cosines = self._late.best_cosines(question, runs.labels)
        return np.asarray(np.maximum.reduceat(cosines, runs.begins, axis=0)[runs.back], dtype=np.float32)

    def of_source(self, source: int) -> list[str]:
        """Return the labels of one source, the title first."""
        return [self._texts[int(label)] for label in self._labels[self._starts[source] : self._starts[source + 1]]]
