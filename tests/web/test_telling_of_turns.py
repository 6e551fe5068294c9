"""Whatever goes wrong after a turn was kept, the family gets its answer, and staff their ticket."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.storage.connections import Database
from bot.storage.remembering import Memory, Told
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.intake import Intake
from tests.databases import with_tables
from tests.triage.queues import a_desk

from .factories import chat, client
from .memories import hand_off, read, vote


class Broken(Exception):
    """What nobody has foreseen."""


def broken(*given: object, **named: object) -> None:
    raise Broken("gene secrets")


def a_told_memory(database: Database, told: Told) -> Memory:
    return Memory(database, redact=str, told=told)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return with_tables(f"sqlite:///{tmp_path}/bot.sqlite3")


def test_a_fault_of_whoever_is_told_of_turns_votes_and_wishes_is_no_fault_of_the_answer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    here = client(memory=a_told_memory(database, broken))
    with caplog.at_level(logging.ERROR):
        response = chat(here)
        said = [response, vote(here, response.json, "down"), hand_off(here, response.json), read(here, response.json)]
    assert [one.status_code for one in said] == [200, 200, 201, 200]
    assert "Broken" in caplog.text
    assert "secrets" not in caplog.text


def test_a_turn_whose_gist_cannot_be_made_is_answered_and_becomes_a_ticket_all_the_same(database: Database) -> None:
    intake = Intake(database, Gists(), broken)  # type: ignore[arg-type]
    here = client(memory=a_told_memory(database, intake.told))
    answers = [chat(here, "nothing on that").json for _ in range(2)]
    assert [answer["status"] for answer in answers] == ["unanswered_no_match"] * 2
    placed = intake.take_all([answer["turn_id"] for answer in answers])
    assert len(placed) == len(a_desk(database).rows()) == 2


class Faulty(Memory):
    """A memory with a fault of its own, which is no fault of the database."""

    record = broken  # type: ignore[assignment]


def test_a_memory_that_fails_in_a_way_nobody_has_foreseen_keeps_no_answer_back(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    here = client(memory=Faulty(database, redact=str))
    with caplog.at_level(logging.ERROR):
        assert chat(here).status_code == 200
    assert "could not be stored: Broken" in caplog.text
    assert "secrets" not in caplog.text
