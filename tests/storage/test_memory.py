"""Turns survive, on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import asdict
from datetime import timedelta, timezone
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.errors import MemoryUnavailable
from bot.storage.connections import Database
from bot.storage.database import make_engine, migrate
from bot.storage.memory import TurnStore
from bot.storage.tables import Turn
from bot.storage.turn import TurnRecord
from tests.patience import PATIENCE_S, soon
from tests.storage.stores import NOON, a_database, a_turn, rows

# Started afresh, not forked: the test's own threads and connections must not come along.
FRESH = multiprocessing.get_context("spawn")
FORKED = multiprocessing.get_context("fork")


def kept(database_url: str) -> list[TurnRecord]:
    return [TurnRecord(**row) for row in rows(database_url, "turn")]


def test_a_turn_comes_back_as_it_was_kept(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    turns = [a_turn(1), a_turn(2, site="site_abc", status="unanswered_no_match", feedback_token_hash=None)]
    for turn in turns:
        store.record(turn)
    database.close()
    assert kept(database_url) == turns


def test_the_columns_of_a_turn_are_the_fields_of_its_record_and_none_is_for_an_address_or_a_token() -> None:
    columns = set(Turn.__table__.columns.keys())
    assert columns == set(asdict(a_turn()))
    assert not {"feedback_token", "contact", "address", "ip"} & columns


def test_a_moment_of_another_zone_is_kept_in_utc(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    store.record(a_turn(asked_at=NOON.astimezone(timezone(timedelta(hours=9)))))
    database.close()
    (turn,) = kept(database_url)
    assert turn.asked_at == NOON
    assert turn.asked_at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    with pytest.raises(MemoryUnavailable):
        store.record(a_turn(asked_at=NOON.replace(tzinfo=None)))
    database.close()
    assert kept(database_url) == []


def test_the_same_turn_twice_is_refused_and_the_first_stays(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    store.record(a_turn(status="answered"))
    with pytest.raises(MemoryUnavailable, match="IntegrityError"):
        store.record(a_turn(status="unanswered_no_match"))
    database.close()
    assert [turn.status for turn in kept(database_url)] == ["answered"]


def test_purge_removes_what_is_older_and_keeps_what_is_not(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    for hours in range(-2, 3):
        store.record(a_turn(hours + 2, asked_at=NOON + timedelta(hours=hours)))
    assert store.purge(NOON) == 2
    assert store.purge(NOON) == 0
    database.close()
    assert [turn.asked_at for turn in kept(database_url)] == [NOON + timedelta(hours=hours) for hours in range(3)]


def test_a_database_is_ready_only_with_the_tables_of_this_version(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert not database.ready()
    migrate(empty_database_url, revision="base")
    assert not database.ready()
    database.migrate()
    assert database.ready()
    database.close()


def test_a_database_that_cannot_be_reached_is_not_ready_and_says_so_without_the_turn(tmp_path: Path) -> None:
    (tmp_path / "not-a-folder").write_text("")
    database = Database(f"sqlite:///{tmp_path}/not-a-folder/bot.sqlite3")
    store = TurnStore(database)
    assert not database.ready()
    with pytest.raises(MemoryUnavailable) as caught:
        store.record(a_turn())
    assert "turn-1" not in str(caught.value)
    assert "python -m bot migrate" in str(caught.value)


def test_no_message_of_a_database_error_carries_what_was_to_be_kept(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    store = TurnStore(database)
    with pytest.raises(MemoryUnavailable) as caught:
        store.record(a_turn(conversation_id="hidden-conversation"))
    assert caught.value.__cause__ is not None
    assert "hidden-conversation" not in str(caught.value.__cause__)
    database.close()


def test_threads_share_a_store(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)

    def keep(first: int) -> None:
        for number in range(first, first + 25):
            store.record(a_turn(number))

    threads = [threading.Thread(target=keep, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert len(kept(database_url)) == 100


def _migrate_and_keep(database_url: str, together: Barrier, first: int, count: int) -> None:
    together.wait(PATIENCE_S)
    database = Database(database_url)
    database.migrate()
    store = TurnStore(database)
    for number in range(first, first + count):
        store.record(a_turn(number))
    database.close()


@pytest.mark.slow
def test_eight_processes_migrate_and_write_at_once_and_nothing_is_lost(empty_database_url: str) -> None:
    together = FRESH.Barrier(8)
    processes = [
        FRESH.Process(target=_migrate_and_keep, args=(empty_database_url, together, 1000 * n, 50)) for n in range(8)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE_S)
    assert [process.exitcode for process in processes] == [0] * 8
    assert len(kept(empty_database_url)) == 400


def _keep_one(store: TurnStore, number: int) -> None:
    store.record(a_turn(number))


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_store_used_before_a_fork_is_used_after_it_by_both(database_url: str) -> None:
    database = a_database(database_url)
    store = TurnStore(database)
    store.record(a_turn(1))
    child = FORKED.Process(target=_keep_one, args=(store, 2))
    child.start()
    child.join(PATIENCE_S)
    assert child.exitcode == 0
    store.record(a_turn(3))
    database.close()
    assert [turn.id for turn in kept(database_url)] == ["turn-1", "turn-2", "turn-3"]


def _keep_until_killed(database_url: str, acknowledged: str) -> None:
    database = Database(database_url)
    store = TurnStore(database)
    with Path(acknowledged).open("a", buffering=1) as file:
        for number in range(1_000_000):
            store.record(a_turn(number))
            file.write(f"turn-{number}\n")


@pytest.mark.slow
def test_a_killed_writer_loses_no_turn_it_had_acknowledged(database_url: str, tmp_path: Path) -> None:
    a_database(database_url).close()
    acknowledged = tmp_path / "acknowledged"
    writer = FRESH.Process(target=_keep_until_killed, args=(database_url, str(acknowledged)))
    writer.start()
    assert soon(lambda: acknowledged.exists() and acknowledged.stat().st_size > 2_000)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(PATIENCE_S)
    # The last line may itself have been cut by the kill; only whole lines were acknowledged.
    told = set(acknowledged.read_text().split("\n")[:-1])
    assert len(told) > 100
    assert told <= {turn.id for turn in kept(database_url)}


def test_sqlite_is_in_wal_mode_waits_for_others_and_minds_foreign_keys(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/bot.sqlite3")
    with engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "busy_timeout": 5000, "foreign_keys": 1, "synchronous": 1}


def test_a_writer_waits_for_another_that_holds_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    database = a_database(url)
    store = TurnStore(database)
    other = create_engine(url)
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        writer = threading.Thread(target=store.record, args=(a_turn(),))
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        connection.commit()
    writer.join(PATIENCE_S)
    database.close()
    other.dispose()
    assert len(kept(url)) == 1
