"""Publish a Build's part to the engine: rows, then the graph over them, and last the function that searches them.

A killed run is continued from the rows already copied, and nothing can be queried before everything is there. Knows
nothing of who queries it.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.errors import EngineUnavailable
from bot.indexing import layout
from bot.indexing.dense import RECALL, needs_graph, widen
from bot.indexing.engine import Engine, part_of, search_of, table_of, text_of
from bot.indexing.jsonl import Lines
from bot.indexing.manifest import Manifest
from bot.indexing.table import VectorTable

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger("bot")
Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]

# docs/adr/0024-engine.md has the run that chose them.
GRAPH_LINKS, GRAPH_BUILD_BREADTH = 16, 100
GRAPH_SEARCH_BREADTHS = (100, 200, 400, 700, 1000)
# With tags, the walk through the graph continues until enough rows with them were found.
_MOST_WALKED, _WALK_MEMORY = 200_000, 8
# Before this, pgvector has no half precision (0.7) or gives up with too few rows that have the tags (0.8).
_OLDEST = (0, 8)
ROWS_AT_ONCE = 10_000
# The memory that a row takes beside its vector while the graph is built, and the most memory that is requested.
_ROW_BYTES, _MOST_KB = 600, 4 << 20


class _Tagged(msgspec.Struct):
    """Only the tags of a source."""

    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartReport:
    """What was published: ``copied`` of the ``rows`` now, the others earlier.

    ``recall`` is measured against exact search, and ``None`` if everything was already there.
    """

    part: str
    rows: int
    copied: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class EnginePart:
    """The engine's part of a Build: for each row a unit vector, and tags in lower case."""

    name: str
    vectors: Floats
    tags: Sequence[Sequence[str]]


def publish(
    engine: Engine, folder: Path, manifest: Manifest, progress: Progress = lambda copied, total: None
) -> PartReport:
    """Put the rows of a Build into an engine, unless they are there, so that they can be searched.

    :param engine: on a database without a time limit.
    :param folder: the Build, published or not.
    :returns: as ``publish_part``.
    """
    table = VectorTable(folder / layout.PASSAGE_TABLE, manifest.dimension)
    tags = [sorted({tag.casefold() for tag in source.tags}) for source in Lines(folder / layout.SOURCES, _Tagged)]
    owners = np.load(folder / layout.SOURCE_OF_ROW).tolist()
    return publish_part(
        engine, EnginePart(part_of(manifest), table.vectors, [tags[owner] for owner in owners]), progress
    )


def publish_part(engine: Engine, part: EnginePart, progress: Progress = lambda copied, total: None) -> PartReport:
    """Put rows into an engine, unless they are there, so that they can be searched.

    :param engine: on a database without a time limit.
    :raises EngineUnavailable: if the engine does not answer, is too old, or another process publishes the same part.
    """
    rows = len(part.vectors)
    with engine.asking() as connection, _alone(connection, part.name):
        if engine.holds(part.name):
            return PartReport(part.name, rows, 0, None)
        _prepare(connection, part)
        there = connection.exec_driver_sql(f"SELECT count(*) FROM {table_of(part.name)}").scalar_one()
        for start in range(there, rows, ROWS_AT_ONCE):
            _copy(connection, part, start)
            progress(min(start + ROWS_AT_ONCE, rows), rows)
        breadth, recall = _graph(connection, part) if needs_graph(rows) else (None, 1.0)
        if recall < RECALL:
            log.warning("The engine's graph finds %.3f of the nearest rows, less than %s", recall, RECALL)
        connection.exec_driver_sql(_search(part.name, breadth))
        return PartReport(part.name, rows, rows - there, recall)


def parts_there(engine: Engine) -> set[str]:
    """Return the names of all parts in an engine, complete or not.

    :param engine: as for ``publish``.
    :returns: names as from ``part_of``.
    """
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relname LIKE %s"
    with engine.asking() as connection:
        found = connection.exec_driver_sql(tables, (table_of("%"),)).scalars().all()
    return {table.removeprefix(table_of("")) for table in found}


def forget(engine: Engine, parts: Collection[str]) -> None:
    """Remove parts from an engine, except any that are being published.

    :param engine: as for ``publish``.
    """
    with engine.asking() as connection:
        for part in parts:
            if _locked(connection, part):
                # The function first: half a part must not be searchable.
                connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {search_of(part)}")
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table_of(part)}")
                _unlock(connection, part)


def _prepare(connection: Connection, part: EnginePart) -> None:
    """Create the table, and give this connection the memory that the graph needs."""
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
    version: str = connection.exec_driver_sql(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).scalar_one()
    if tuple(int(number) for number in version.split(".")[:2]) < _OLDEST:
        raise EngineUnavailable(f"it has pgvector {version}, and 0.8 or newer is needed")
    dimension = part.vectors.shape[1]
    connection.exec_driver_sql(
        f"CREATE TABLE IF NOT EXISTS {table_of(part.name)}"
        f" (row integer NOT NULL, tags text[] NOT NULL, vector halfvec({dimension}) NOT NULL)"
    )
    # Stored in the row, not beside it, because an exact search reads all of them.
    connection.exec_driver_sql(f"ALTER TABLE {table_of(part.name)} ALTER vector SET STORAGE plain")
    needed_kb = min(len(part.vectors) * (2 * dimension + _ROW_BYTES) // 1024, _MOST_KB)
    connection.exec_driver_sql(
        "SELECT set_config('maintenance_work_mem', greatest(setting::bigint, %s)::text, false)"
        " FROM pg_settings WHERE name = 'maintenance_work_mem'",
        (needed_kb,),
    )


def _copy(connection: Connection, part: EnginePart, start: int) -> None:
    """Copy some rows, all of them or none."""
    end = min(start + ROWS_AT_ONCE, len(part.vectors))
    # pgvector's binary form: the number of dimensions, two reserved bytes, and the big-endian numbers.
    head = struct.pack("!HH", part.vectors.shape[1], 0)
    halves = np.asarray(part.vectors[start:end]).astype(">f2")
    import psycopg

    try:
        copying = _driver(connection).cursor().copy(f"COPY {table_of(part.name)} FROM STDIN (FORMAT binary)")
        with copying as copy:
            copy.set_types(["int4", "text[]", "bytea"])
            for number, half in zip(range(start, end), halves, strict=True):
                copy.write_row((number, list(part.tags[number]), head + half.tobytes()))
    except psycopg.Error as error:
        raise EngineUnavailable(type(error).__name__) from error


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _graph(connection: Connection, part: EnginePart) -> tuple[int, float]:
    """Build the graph, and return the breadth at which it finds enough, with its recall."""
    table = table_of(part.name)
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS {table}_graph ON {table} USING hnsw (vector halfvec_ip_ops)"
        f" WITH (m = {GRAPH_LINKS}, ef_construction = {GRAPH_BUILD_BREADTH})"
    )
    connection.exec_driver_sql("SET enable_seqscan = off")
    nearest = f"SELECT row FROM {table} ORDER BY vector <#> %s::halfvec LIMIT %s"

    def search(breadth: int, questions: Floats, count: int) -> NDArray[np.int64]:
        connection.exec_driver_sql(f"SET hnsw.ef_search = {breadth}")
        found = [connection.exec_driver_sql(nearest, (text_of(one), count)).scalars().all() for one in questions]
        return np.asarray(found, dtype=np.int64)

    return widen(np.asarray(part.vectors), GRAPH_SEARCH_BREADTHS, search)


def _search(part: str, breadth: int | None) -> str:
    """Return the statement that makes a part searchable; its settings hold for the search alone."""
    # A plan that may not scan the whole table looks expensive, and expensive plans would be compiled first.
    through_graph = (
        f"SET hnsw.ef_search = {breadth} SET hnsw.iterative_scan = relaxed_order"
        f" SET hnsw.max_scan_tuples = {_MOST_WALKED} SET hnsw.scan_mem_multiplier = {_WALK_MEMORY}"
        " SET enable_seqscan = off SET jit = off"
    )
    return (
        f"CREATE FUNCTION {search_of(part)}(asked halfvec, most integer, wanted text[]) RETURNS SETOF integer"
        f" LANGUAGE sql STABLE {'' if breadth is None else through_graph} AS $$"
        f" SELECT row FROM {table_of(part)} WHERE wanted IS NULL OR tags && wanted"
        " ORDER BY vector <#> asked LIMIT most $$"
    )


@contextmanager
def _alone(connection: Connection, part: str) -> Iterator[None]:
    if not _locked(connection, part):
        raise EngineUnavailable("another process is publishing the same Build there")
    try:
        yield
    finally:
        connection.exec_driver_sql("RESET ALL")
        _unlock(connection, part)


def _locked(connection: Connection, part: str) -> bool:
    asked = "SELECT pg_try_advisory_lock(hashtext(%s))"
    return bool(connection.exec_driver_sql(asked, (table_of(part),)).scalar_one())


def _unlock(connection: Connection, part: str) -> None:
    connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtext(%s))", (table_of(part),))
