"""Search the vectors of a Build in a PostgreSQL with pgvector instead of on this machine.

A Build's part of the engine is found by the digest of what was published, and can only be queried once it is complete.
Knows nothing of passages or of how parts are published (``bot.indexing.publishing``).
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

# The engine keeps vectors in half precision. A few more rows are requested, so that none of the nearest is lost to
# rounding, and all are ranked by the exact vectors of the Build.
_SPARE = 16
# Among rows with a tag, this many times more: a walk through the graph that skips most rows finds .985 of the nearest
# otherwise, and .995 with this (docs/adr/0024-engine.md).
_WIDER = 2
# An engine's part of a Build is determined by these of its files.
_DECIDING = (f"{layout.PASSAGE_TABLE}/vectors.bin", layout.SOURCE_OF_ROW, layout.SOURCES)


def part_of(manifest: Manifest) -> str:
    """Return the name of a Build's part in an engine, which is the same for Builds with the same vectors and sources.

    :returns: 32 hexadecimal digits.
    """
    digests = {record.path: record.sha256 for record in manifest.files}
    return hashlib.sha256("\n".join(digests[path] for path in _DECIDING).encode()).hexdigest()[:32]


class Engine:
    """A client of an engine; each call raises ``EngineUnavailable`` if it does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def holds(self, part: str) -> bool:
        """Say whether a part is there and complete.

        :param part: from ``part_of``.
        :returns: false while it is being published.
        """
        with self.asking() as connection:
            asked = "SELECT to_regproc(%s) IS NOT NULL"
            return bool(connection.exec_driver_sql(asked, (search_of(part),)).scalar_one())

    def away(self) -> str | None:
        """Return why the engine does not answer right now, or ``None`` if it does."""
        try:
            with self.asking() as connection:
                connection.exec_driver_sql("SELECT 1")
        except EngineUnavailable as error:
            return error.found
        return None

    def nearest(self, part: str, vector: Floats, count: int, tags: Sequence[str]) -> Rows:
        """Return the rows nearest to a vector, best first by half precision.

        :param part: from ``part_of``.
        :param vector: (d,) unit vector.
        :param count: the most rows to return.
        :param tags: restricts the search to rows with one of them; empty for all rows.
        :returns: (found,) rows.
        """
        # As a parameter, which no server logs unless configured to: the vector of a question reveals what was asked.
        asked = (text_of(vector), count, list(tags) or None)
        with self.asking() as connection:
            found = connection.exec_driver_sql(f"SELECT {search_of(part)}(%s::halfvec, %s, %s)", asked)
            return np.fromiter(found.scalars(), dtype=np.int64)

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Lend a connection.

        :yields: the connection; each statement on it is its own transaction.
        :raises EngineUnavailable: if the engine does not answer, or refuses a statement.
        """
        try:
            with self._database.statement() as connection:
                yield connection
        except MemoryUnavailable as error:
            raise EngineUnavailable(error.found) from error


class EngineIndex:
    """Nearest rows by cosine, searched in an engine.

    Small collections are searched here, exactly: the vectors of a Build are mapped on every machine, and only those of
    the collection are read.
    """

    def __init__(self, vectors: Floats, engine: Engine, part: str) -> None:
        self._vectors, self._engine, self._part = vectors, engine, part
        self._exact = DenseIndex(vectors)
        self._seen: NDArray[np.bool_] | None = None
        self._tags: tuple[str, ...] = ()

    def only(self, seen: NDArray[np.bool_], tags: Collection[str] = ()) -> Nearest:
        """Return an index in which only some rows can be found.

        :param seen: (rows,) true for those that can.
        :param tags: each of these rows has one of them; the engine skips rows that have none.
        :returns: an index that shares everything with this one.
        """
        if not tags or not needs_graph(int(np.count_nonzero(seen))):
            return self._exact.only(seen)
        index = copy(self)
        index._seen, index._tags = seen, tuple(sorted(tags))
        return index

    def search(self, vector: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows nearest to a vector, best first.

        :param vector: (d,) float32 unit vector.
        :param count: the most rows to return.
        :returns: rows and cosines, both (found,).
        :raises EngineUnavailable: if the engine does not answer.
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
    """Return the name of the function that searches a part; it is created last, when the part is complete."""
    return f"explainer_nearest_{part}"


def text_of(vector: Floats) -> str:
    """Return a vector in the text form that pgvector reads."""
    return f"[{','.join(map(str, vector.tolist()))}]"
