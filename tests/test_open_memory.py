"""What the settings say of the memory is what is opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.errors import MemoryUnavailable
from bot.settings import Settings
from bot.storage.database import migrate
from bot.storage.handoff import HandedOff
from bot.wiring import open_memory
from tests.storage.stores import a_turn, counts, rows


def test_a_database_without_tables_is_brought_up_to_date_by_the_server(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/var/bot.sqlite3"
    migrate(url, revision="base")
    memory = open_memory(Settings(database_url=url))
    memory.record(a_turn())
    memory.close()
    assert counts(url)["turn"] == 1


def test_words_are_kept_without_personal_details(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    memory = open_memory(Settings(database_url=url))
    memory.record(a_turn(question="what is a gene? write to ada@example.org"))
    memory.close()
    (row,) = rows(url, "turn")
    assert row["question"].startswith("what is a gene?")
    assert "ada@example.org" not in row["question"]


def test_contacts_are_kept_with_a_key_and_refused_without(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    keys = f"{Fernet.generate_key().decode()},{Fernet.generate_key().decode()}"
    with_key, without = (
        open_memory(Settings(database_url=url, contact_key=keys)),
        open_memory(Settings(database_url=url)),
    )
    with_key.record(a_turn())
    assert without.hand_off("turn-1", contact="ada@example.org") == "contact_unavailable"
    made = with_key.hand_off("turn-1", contact="ada@example.org")
    assert isinstance(made, HandedOff)
    assert made.contact_kept
    with_key.close()
    without.close()


def test_a_database_that_is_not_there_stops_the_start_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MemoryUnavailable, match="bot migrate"):
        open_memory(Settings(database_url=f"sqlite:///{tmp_path}/file/bot.sqlite3"))
