"""Open the engine that searches the vectors of Builds, ``None`` where FAISS searches them here."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import IndexMismatch, IndexUnavailable
from bot.indexing.engine import Engine, part_of
from bot.indexing.manifest import read_manifest
from bot.indexing.publishing import PartReport, forget, parts_there, publish
from bot.indexing.store import BuildStore
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.connections import Database

# How long a question waits for an engine that does not answer; a healthy one needs a hundredth of it.
_WAIT_S = 1.0


def engine_database(settings: Settings, *, patience_s: float | None = _WAIT_S) -> Database | None:
    """Return the database that is the engine of a server, ``None`` without one.

    :param patience_s: how long a statement may take; a command has no limit.
    :returns: a database without connections, which refuses at once while it is known not to answer.
    """
    if not settings.engine:
        return None
    from bot.storage.breaker import CircuitBreaker
    from bot.storage.connections import Database

    breaker = CircuitBreaker("The engine", meanwhile="families are told so, and offered a person")
    return Database(settings.engine, patience_s=patience_s, breaker=breaker)


def open_engine(settings: Settings) -> Engine | None:
    """Return the engine for a command."""
    return engine_on(engine_database(settings, patience_s=None))


def engine_on(database: Database | None) -> Engine | None:
    """Return the engine on a database; its connections are closed when the engine is no longer used.

    :param database: from ``engine_database``.
    """
    if database is None:
        return None
    engine = Engine(database)
    weakref.finalize(engine, database.close)
    return engine


def publish_current(store: BuildStore, progress: Callable[[int, int], None], *, prune: bool = False) -> PartReport:
    """Put the vectors of the current Build into the engine.

    :param prune: remove from the engine what none of the Builds here needs.
    :raises EngineUnavailable: when the engine does not accept them.
    :raises IndexUnavailable: when there is no Build.
    """
    build = store.pointed()
    if build is None or store.engine is None:
        raise IndexUnavailable(str(store.directory), "there is none that could be published")
    report = publish(store.engine, build, read_manifest(build), progress)
    if prune:
        forget(store.engine, parts_there(store.engine) - parts_of(store))
    return report


def parts_of(store: BuildStore) -> set[str]:
    """Return the names of the parts that an engine should hold for the Builds of a folder.

    :returns: names as from ``part_of``; none for a damaged Build.
    """
    found = set()
    for build in store.builds():
        with suppress(IndexMismatch):
            found.add(part_of(read_manifest(build)))
    return found
