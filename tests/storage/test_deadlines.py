"""No call of a server waits for a database without an end, and who comes after one that did does not wait at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot.errors import MemoryUnavailable
from bot.storage.connections import Database
from bot.storage.deadlines import network_limits
from bot.storage.memory import TurnStore
from tests.databases import with_tables
from tests.patience import soon
from tests.real_postgres import RealPostgres, real_postgres, silent_listener
from tests.storage.stores import a_turn

PATIENCE_S = 1.0
# For what would otherwise take for ever.
AT_ALL_S = 120.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[RealPostgres]:
    with real_postgres() as made:
        Database(made.url).migrate()
        yield made


def ends(call: Callable[[], object]) -> bool:
    """Whether a call ends with MemoryUnavailable, in time."""

    def refused() -> bool:
        with pytest.raises(MemoryUnavailable):
            call()
        return True

    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(refused).result(AT_ALL_S)
    finally:
        pool.shutdown(wait=False)


def works_again(call: Callable[[], object]) -> bool:
    deadline = time.monotonic() + AT_ALL_S
    while time.monotonic() < deadline:
        try:
            call()
        except MemoryUnavailable:
            time.sleep(0.1)
        else:
            return True
    return False


def test_a_server_that_was_stopped_is_given_up_and_used_again_when_it_goes_on(postgres: RealPostgres) -> None:
    database = Database(postgres.url, patience_s=PATIENCE_S)
    database.watch()
    store = TurnStore(database)
    store.record(a_turn(1))
    postgres.pause()
    try:
        assert ends(lambda: store.record(a_turn(2)))
        # A thousand that each waited a second would take a quarter of an hour.
        assert all(ends(lambda: store.history("conversation-1", last=1)) for _ in range(1000))
    finally:
        postgres.resume()
    assert works_again(lambda: store.record(a_turn(3)))
    # Whether the second was stored nobody can tell: it was on its way when the server was stopped.
    assert {"turn-1", "turn-3"} <= {turn.id for turn in store.conversation("conversation-1")}
    database.close()


def test_a_statement_that_waits_for_a_lock_is_given_up_and_the_connection_is_as_good_as_before(
    postgres: RealPostgres,
) -> None:
    database = Database(postgres.url, patience_s=PATIENCE_S)
    with psycopg.connect(postgres.url) as other:
        other.execute("LOCK TABLE feedback")

        def count() -> None:
            with database.statement() as connection:
                connection.execute(text("SELECT count(*) FROM feedback"))

        assert ends(count)
        other.rollback()
        assert works_again(count)
    database.close()


def test_one_statement_that_takes_too_long_keeps_nobody_else_out(postgres: RealPostgres) -> None:
    database = Database(postgres.url, patience_s=PATIENCE_S)

    def search() -> None:
        with database.statement() as connection:
            connection.execute(text("SELECT pg_sleep(30)"))

    assert ends(search)
    # At once, and not when somebody found that the server answers.
    assert TurnStore(database).history("conversation-1", last=1) is not None
    database.close()


def test_a_database_that_nobody_closed_leaves_no_connection_open(postgres: RealPostgres) -> None:
    database = Database(postgres.url, patience_s=PATIENCE_S)
    assert database.ready()
    with psycopg.connect(postgres.url, autocommit=True) as other:
        before = _connections(other)
        del database
        assert soon(lambda: _connections(other) < before)


def _connections(seen_by: psycopg.Connection[Any]) -> int:
    counted = seen_by.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
    assert counted is not None
    return int(counted[0])


def test_a_database_that_takes_connections_and_says_nothing_is_given_up() -> None:
    with silent_listener() as url:
        database = Database(url, patience_s=PATIENCE_S)
        assert ends(database.prepare)
        assert ends(lambda: TurnStore(database).trace("turn-1"))
        assert not database.ready()


def test_a_writer_that_keeps_sqlite_to_itself_is_not_waited_for_twice(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.sqlite3", patience_s=PATIENCE_S)
    database.migrate()
    store = TurnStore(database)
    other = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert ends(lambda: store.record(a_turn(1)))
    assert all(ends(lambda: store.record(a_turn(2))) for _ in range(1000))
    other.execute("ROLLBACK")
    other.close()
    assert works_again(lambda: store.record(a_turn(3)))
    database.close()


def test_a_statement_that_is_wrong_by_itself_keeps_nobody_else_out(database_url: str) -> None:
    with_tables(database_url)
    database = Database(database_url, patience_s=PATIENCE_S)
    store = TurnStore(database)
    store.record(a_turn(1))
    assert ends(lambda: store.record(a_turn(1)))
    store.record(a_turn(2))
    database.close()


def test_what_the_address_says_of_waiting_holds() -> None:
    limits = network_limits({"connect_timeout": "7"}, connect_s=2)
    assert "connect_timeout" not in limits
    assert limits["tcp_user_timeout"] == 30_000
    assert network_limits({}, connect_s=2)["connect_timeout"] == 2
