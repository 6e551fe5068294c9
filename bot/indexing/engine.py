"""A PostgreSQL with pgvector -> the rows nearest to a vector: the other kind of dense index, for Builds whose vectors
one machine should not have to search.

In: who lends connections, and which part of the engine belongs to a Build. Out: rows. A part is found by the digest of
what was published, and can only be asked once all of it is there. It must not know passages or how parts get there
(``bot.indexing.publishing``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.errors import EngineUnavailable, MemoryUnavailable
from bot.indexing import layout
from bot.indexing.dense import DenseIndex, Nearest, needs_graph

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.indexing.manifest import Manifest
    from bot.storage.connections import Database

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

# The engine keeps vectors in half precision. So that none of the nearest is lost to rounding, a few more are asked for,
# and all are ranked by the exact vectors of the Build.
_SPARE = 16
# Among rows with a tag as many more: a walk through the graph that passes most rows over finds .985 of the nearest
# otherwise, and .995 so (docs/adr/0024-engine.md).
_WIDER = 2
# What an engine holds of a Build follows from these files of it.
_DECIDING = (f"{layout.PASSAGE_TABLE}/vectors.bin", layout.SOURCE_OF_ROW, layout.SOURCES)


def part_of(manifest: Manifest) -> str:
    """Return by what name an engine knows the part of a Build: the same for Builds with the same vectors and sources.

    :returns: 32 hexadecimal digits.
    """
    digests = {record.path: record.sha256 for record in manifest.files}
    return hashlib.sha256("\n".join(digests[path] for path in _DECIDING).encode()).hexdigest()[:32]


class Engine:
    """What can be asked of an engine. Each call raises ``EngineUnavailable`` when it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def holds(self, part: str) -> bool:
        """Return whether a part is there, and whole.

        :param part: as from ``part_of``.
        :returns: false as long as it is being published.
        """
        with self.asking() as connection:
            asked = "SELECT to_regproc(%s) IS NOT NULL"
            return bool(connection.exec_driver_sql(asked, (search_of(part),)).scalar_one())

    def away(self) -> str | None:
        """Return why the engine does not answer, asked now; ``None`` when it does."""
        try:
            with self.asking() as connection:
                connection.exec_driver_sql("SELECT 1")
        except EngineUnavailable as error:
            return error.found
        return None

    def nearest(self, part: str, vector: Floats, count: int, tags: Sequence[str]) -> Rows:
        """Return the rows nearest to a vector, best first by half precision.

        :param part: as from ``part_of``.
        :param vector: (d,) unit vector.
        :param count: how many rows at most.
        :param tags: only rows with one of them; none for all.
        :returns: (found,) rows.
        """
        # As a parameter, which no server logs unless it is told to: the vector of a question tells what was asked.
        asked = (text_of(vector), count, list(tags) or None)
        with self.asking() as connection:
            found = connection.exec_driver_sql(f"SELECT {search_of(part)}(%s::halfvec, %s, %s)", asked)
            return np.fromiter(found.scalars(), dtype=np.int64)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Lend a connection.

        :yields: it; each statement on it is a transaction by itself.
        :raises EngineUnavailable: when the engine does not answer, or refuses what is asked.
        """
        try:
            with self._database.statement() as connection:
                yield connection
        except MemoryUnavailable as error:
            raise EngineUnavailable(error.found) from error


class EngineIndex:
    """Nearest rows by cosine, asked of an engine. Small collections are searched here, exactly: the vectors of a Build
    are mapped on every machine, and only those of the collection are read.
    """

    def __init__(self, vectors: Floats, engine: Engine, part: str) -> None:
        self._vectors, self._engine, self._part = vectors, engine, part
        self._exact = DenseIndex(vectors)
        self._seen: NDArray[np.bool_] | None = None
        self._tags: tuple[str, ...] = ()

    def only(self, seen: NDArray[np.bool_], tags: Collection[str] = ()) -> Nearest:
        """Return an index of which some rows can be found.

        :param seen: (rows,) which.
        :param tags: each of these rows has one of them; the engine passes over what has none.
        :returns: an index that shares all with this one.
        """
        if not tags or not needs_graph(int(np.count_nonzero(seen))):
            return self._exact.only(seen)
        index = copy(self)
        index._seen, index._tags = seen, tuple(sorted(tags))
        return index

    def search(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows nearest to a vector, best first.

        :param vector: (d,) float32 unit vector.
        :param count: how many rows at most.
        :returns: rows and cosines, both (found,).
        :raises EngineUnavailable: when the engine does not answer.
        """
        asked = (count + _SPARE) * (_WIDER if self._tags else 1)
        rows = self._engine.nearest(self._part, vector, asked, self._tags)
        if self._seen is not None:
            rows = rows[self._seen[rows]]
        cosines = np.dot(self._vectors.take(rows, axis=0), vector)
        best = np.lexsort((rows, -cosines))[:count]
        return rows[best], cosines[best].astype(np.float32)


def table_of(part: str) -> str:
    """Return the name of the table of a part."""
    return f"explainer_rows_{part}"


def search_of(part: str) -> str:
    """Return the name of the function that searches a part. It is made last, so that half a part cannot be asked."""
    return f"explainer_nearest_{part}"


def text_of(vector: Floats) -> str:
    """Return a vector as pgvector reads it."""
    return f"[{','.join(map(str, vector.tolist()))}]"
