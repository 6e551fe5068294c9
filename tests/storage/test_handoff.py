"""Hand-offs: at most one open a turn, contacts sealed. On SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.storage.connections import Database
from bot.storage.database import make_engine
from bot.storage.handoff import HandedOff, HandoffStore
from bot.storage.memory import TurnStore
from bot.storage.secrecy import SealedWithAnotherKey, Sealer
from bot.storage.tables import Handoff
from tests.storage.stores import NOON, a_database, a_turn, counts, rows

CONTACT = "ada.lovelace@example.org"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def a_store(database_url: str, *keys: str) -> tuple[Database, HandoffStore]:
    database = a_database(database_url)
    TurnStore(database).record(a_turn(1))
    return database, HandoffStore(database, Sealer(keys) if keys else None)


def opened(outcome: object) -> HandedOff:
    assert isinstance(outcome, HandedOff)
    return outcome


def test_a_hand_off_is_kept_open_with_its_note(database_url: str) -> None:
    database, store = a_store(database_url)
    made = opened(store.hand_off("turn-1", note="Please explain."))
    database.close()
    assert (made.turn_id, made.contact_kept, made.is_new) == ("turn-1", False, True)
    (row,) = rows(database_url, "handoff")
    assert (row["id"], row["note"], row["status"]) == (made.id, "Please explain.", "open")
    assert row["created_at"].tzinfo is not None


def test_a_hand_off_of_a_turn_that_is_not_there_is_told(database_url: str) -> None:
    database, store = a_store(database_url, NEW)
    assert store.hand_off("turn-9", contact=CONTACT) == "unknown_turn"
    database.close()
    assert counts(database_url) == {"turn": 1, "feedback": 0, "handoff": 0, "contact": 0}


def test_asking_again_gives_the_one_that_is_open_and_what_is_new_takes_the_place_of_the_old(database_url: str) -> None:
    database, store = a_store(database_url, NEW)
    first = opened(store.hand_off("turn-1", note="One."))
    again = opened(store.hand_off("turn-1", contact="+1 415 555 0199"))
    assert (again.id, again.is_new, again.contact_kept) == (first.id, False, True)
    third = opened(store.hand_off("turn-1", note="Two.", contact=CONTACT))
    fourth = opened(store.hand_off("turn-1"))
    assert (third.id, fourth.contact_kept) == (first.id, True)
    assert store.contact(first.id) == CONTACT
    database.close()
    assert [row["note"] for row in rows(database_url, "handoff")] == ["Two."]


def test_a_turn_whose_hand_off_was_closed_may_be_handed_off_again(database_url: str) -> None:
    database, store = a_store(database_url)
    first = opened(store.hand_off("turn-1"))
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(update(Handoff).values(status="closed"))
    engine.dispose()
    second = opened(store.hand_off("turn-1"))
    assert second.id != first.id
    assert second.is_new
    database.close()


def test_of_many_at_once_one_is_opened(database_url: str) -> None:
    database, store = a_store(database_url, NEW)
    made: list[HandedOff] = []
    threads = [
        threading.Thread(target=lambda: made.append(opened(store.hand_off("turn-1", contact=CONTACT))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert len({one.id for one in made}) == 1
    assert [one.is_new for one in made].count(True) == 1
    assert counts(database_url) == {"turn": 1, "feedback": 0, "handoff": 1, "contact": 1}


def test_the_table_itself_takes_no_second_open_one(database_url: str) -> None:
    database, store = a_store(database_url)
    store.hand_off("turn-1")
    database.close()
    engine = make_engine(database_url)
    second = {"id": "second", "turn_id": "turn-1", "note": None, "created_at": NOON, "status": "open"}
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(Handoff), second)
    engine.dispose()


def test_without_a_key_a_contact_is_refused_and_nothing_is_kept(database_url: str) -> None:
    database, store = a_store(database_url)
    assert store.hand_off("turn-1", note="Call me.", contact=CONTACT) == "contact_unavailable"
    database.close()
    assert counts(database_url) == {"turn": 1, "feedback": 0, "handoff": 0, "contact": 0}


def test_a_contact_stands_nowhere_in_the_files_of_the_database(tmp_path: Path) -> None:
    database, store = a_store(f"sqlite:///{tmp_path}/bot.sqlite3", NEW)
    made = opened(store.hand_off("turn-1", note="A note that can be found.", contact=CONTACT))
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"A note that can be found." in files
    assert b"ada" not in files.lower()
    assert b"example.org" not in files
    assert store.contact(made.id) == CONTACT
    database.close()


def test_a_contact_is_kept_as_bytes_that_differ_each_time(database_url: str) -> None:
    database, store = a_store(database_url, NEW)
    TurnStore(database).record(a_turn(2))
    for turn_id in ("turn-1", "turn-2"):
        store.hand_off(turn_id, contact=CONTACT)
    database.close()
    first, second = (bytes(row["ciphertext"]) for row in rows(database_url, "contact"))
    assert first != second
    assert CONTACT.encode() not in first + second


def test_after_a_change_of_keys_old_contacts_are_read_and_new_ones_need_the_new_key(database_url: str) -> None:
    database, before = a_store(database_url, OLD)
    TurnStore(database).record(a_turn(2))
    old = opened(before.hand_off("turn-1", contact=CONTACT))
    both = HandoffStore(database, Sealer([NEW, OLD]))
    new = opened(both.hand_off("turn-2", contact=CONTACT))
    assert (both.contact(old.id), both.contact(new.id)) == (CONTACT, CONTACT)
    after = HandoffStore(database, Sealer([NEW]))
    assert after.contact(new.id) == CONTACT
    for store, unreadable in ((after, old), (before, new), (HandoffStore(database), new)):
        with pytest.raises(SealedWithAnotherKey, match="BOT_CONTACT_KEY") as caught:
            store.contact(unreadable.id)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
    database.close()


def test_a_hand_off_without_a_contact_has_none(database_url: str) -> None:
    database, store = a_store(database_url, NEW)
    assert store.contact(opened(store.hand_off("turn-1")).id) is None
    assert store.contact("nothing") is None
    database.close()
