"""Make an engine that suits a database, and bring its schema up to date.

SQLite serves one machine, PostgreSQL several. Knows nothing of turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel
from sqlalchemy.exc import OperationalError

from bot.errors import MemoryUnavailable
from bot.storage.folded import folded

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that no other program locks in this database: the letters of "turn".
_MIGRATION_LOCK = 0x7475726E
_SQLITE_WAIT_S = 5.0
# Processes that start together bring the schema up to date one after another; PostgreSQL's lock waits indefinitely.
_MIGRATION_WAIT_MS = 60_000
# A command may wait longer than an answer.
_COMMAND_CONNECT_S = 10


def normalised(database_url: str) -> URL:
    """Return the address with the driver we use: platforms write ``postgres://``, and SQLAlchemy needs the driver."""
    url = make_url(database_url)
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def make_engine(
    database_url: str, *, isolation_level: IsolationLevel | None = None, patience_s: float | None = None
) -> Engine:
    """Make an engine; nothing is connected yet, but the folder of a SQLite file is made.

    :param database_url: ``sqlite:///path``, ``postgresql://…`` or ``postgres://…``
    :param isolation_level: ``None`` for the database's own
    :param patience_s: how long a statement may take, or wait for SQLite's writer; without it there is no limit
    :returns: an engine for this process; it must not be used across a fork
    :raises MemoryUnavailable: if neither the folder of a SQLite file nor its parent exists
    """
    url = normalised(database_url)
    level = {} if isolation_level is None else {"isolation_level": isolation_level}
    if url.get_backend_name() != "sqlite":
        return _make_postgres(url, patience_s, level)
    if url.database and url.database != ":memory:":
        _make_folder_of(Path(url.database))
    engine = create_engine(url, hide_parameters=True, **level)
    wait_ms = round((_SQLITE_WAIT_S if patience_s is None else patience_s) * 1000)
    event.listen(engine, "connect", lambda connection, _: _prepare_sqlite(connection, wait_ms))
    return engine


def _make_folder_of(file: Path) -> None:
    """Make the folder of a SQLite file, but not its parents: a path that leads nowhere is a typing error."""
    folder = file.absolute().parent
    if folder.is_dir():
        return
    if not folder.parent.is_dir() or folder.parent == Path(folder.anchor):
        raise MemoryUnavailable(
            f"there is no folder {folder} for {file.name}; make it, or name another in DATABASE_URL"
        )
    folder.mkdir(exist_ok=True)


def _make_postgres(url: URL, patience_s: float | None, level: Any) -> Engine:
    """Return an engine that tests a connection before each use, because a restarted server has dropped them all."""
    # Imported here because a service on SQLite does not need PostgreSQL's driver.
    from bot.storage.deadlines import CONNECT_S, connect_without_deadlines, network_limits, set_deadlines

    connect_s = _COMMAND_CONNECT_S if patience_s is None else CONNECT_S
    limits = network_limits(url.query, connect_s=connect_s)
    made = {"connect_args": limits, "hide_parameters": True, **level}
    if patience_s is None:
        engine = create_engine(url, pool_pre_ping=True, **made)
        connect_without_deadlines(engine)
        return engine
    # A worker has fewer threads than the pool has connections; should the pool be empty anyway, nobody waits long.
    engine = create_engine(url, pool_timeout=patience_s, **made)
    set_deadlines(engine, patience_s)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, wait_ms: int) -> None:
    """Set what SQLite forgets with each connection; the timeout comes first, as the change to WAL may have to wait."""
    # SQLite can only lower-case ASCII.
    connection.create_function("folded", 1, folded, deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={wait_ms}",
        "journal_mode=WAL",
        # With WAL, an acknowledged write survives the death of the process; docs/adr/0006-storage.md weighs power cuts.
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # What is removed is overwritten; otherwise the words of a removed conversation would stay in free pages.
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def migrate(database_url: str, *, revision: str = "head") -> bool:
    """Bring the schema to a revision, on either database, however many processes try at once.

    :param database_url: as for ``make_engine``
    :param revision: an Alembic revision, ``head`` or ``base``; one older than the present downgrades
    :returns: false if a newer program made the schema, which is then left as it is
    :raises MemoryUnavailable: if the database does not answer, or its file cannot be made
    """
    # Imported here because a server whose schema is up to date never needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = make_engine(database_url)
    try:
        with _alone(engine) as connection:
            if _is_newer(config, connection):
                return False
            config.attributes["connection"] = connection
            (command.downgrade if _is_older(revision, config, connection) else command.upgrade)(config, revision)
    except OperationalError as error:
        # Its first line names the host or the file; the statement, which may run to pages, helps nobody.
        raise MemoryUnavailable(str(error.orig).partition("\n")[0]) from error
    finally:
        engine.dispose()
    return True


def _is_newer(config: Config, connection: Connection) -> bool:
    """Whether a newer program made the schema, as after a rollback; migrations only add to what was there before."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    present = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    return present is not None and present not in known


def _is_older(revision: str, config: Config, connection: Connection) -> bool:
    """Whether a revision comes before the one that the schema has."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    present = MigrationContext.configure(connection).get_current_revision()
    if revision == "base" or present in {None, revision}:
        return revision == "base"
    steps = ScriptDirectory.from_config(config).iterate_revisions(present, "base")
    return revision in {step.revision for step in steps}


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Hold a lock on the schema until the transaction ends."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_MIGRATION_WAIT_MS}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        yield connection
