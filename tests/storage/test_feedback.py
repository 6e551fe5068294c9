"""Votes: one a turn, only with the token of the answer. On SQLite and on PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.errors import MemoryUnavailable
from bot.storage import feedback
from bot.storage.connections import Database
from bot.storage.database import make_engine
from bot.storage.feedback import FeedbackStore, Vote
from bot.storage.memory import TurnStore
from bot.storage.tables import Feedback
from tests.storage.stores import NOON, TOKEN, a_database, a_turn, counts, rows

UP = Vote("turn-1", "up")
DOWN = Vote("turn-1", "down", ("upsetting", "other"), "It scared me.")


def a_store(database_url: str) -> tuple[Database, FeedbackStore]:
    database = a_database(database_url)
    TurnStore(database).record(a_turn(1))
    return database, FeedbackStore(database)


def test_a_vote_with_the_token_of_the_answer_comes_back_as_it_was_given(database_url: str) -> None:
    database, store = a_store(database_url)
    assert store.vote(DOWN, token=TOKEN) == "kept"
    assert store.votes("conversation-1") == {"turn-1": DOWN}
    assert store.votes("conversation-2") == {}
    database.close()


def test_a_vote_without_the_token_is_not_kept(database_url: str) -> None:
    database, store = a_store(database_url)
    for token in ("", "x" * 22, TOKEN + "t", "ключ"):
        assert store.vote(UP, token=token) == "wrong_token"
    database.close()
    assert counts(database_url)["feedback"] == 0


def test_a_turn_that_was_kept_without_a_token_takes_no_vote(database_url: str) -> None:
    database, store = a_store(database_url)
    TurnStore(database).record(a_turn(2, feedback_token_hash=None))
    assert store.vote(Vote("turn-2", "up"), token="") == "wrong_token"
    database.close()


def test_the_token_is_compared_in_constant_time(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(feedback, "compare_digest", lambda *pair: compared.append(pair) or False)
    database, store = a_store(database_url)
    assert store.vote(UP, token=TOKEN) == "wrong_token"
    assert [len(text) for text in compared[0]] == [64, 64]
    database.close()


def test_a_vote_on_a_turn_that_is_not_there_is_told_from_one_with_a_wrong_token(database_url: str) -> None:
    database, store = a_store(database_url)
    assert store.vote(Vote("turn-9", "up"), token=TOKEN) == "unknown_turn"
    database.close()


def test_the_same_vote_again_changes_nothing_and_another_is_refused(database_url: str) -> None:
    database, store = a_store(database_url)
    assert store.vote(UP, token=TOKEN) == "kept"
    assert store.vote(UP, token=TOKEN) == "kept_before"
    assert store.vote(DOWN, token=TOKEN) == "voted_otherwise"
    assert store.vote(Vote("turn-1", "up", comment="Thanks."), token=TOKEN) == "voted_otherwise"
    assert store.votes("conversation-1") == {"turn-1": UP}
    database.close()


def test_which_passage_was_opened_is_kept_once_and_takes_no_vote_away(database_url: str) -> None:
    database, store = a_store(database_url)
    TurnStore(database).record(a_turn(2, status="unanswered_near", answer='{"near":[{},{},{}]}'))
    outcomes = [store.open_passage("turn-2", place, token=TOKEN) for place in (2, 0, 2, 3, -1)]
    assert outcomes == ["kept", "kept", "kept_before", "no_such_passage", "no_such_passage"]
    assert store.open_passage("turn-1", 0, token=TOKEN) == "no_such_passage"
    assert store.open_passage("turn-2", 1, token="x") == "wrong_token"
    assert store.open_passage("turn-2", 1, token=TOKEN, site="other") == "unknown_turn"
    assert store.opened("conversation-1") == {"turn-2": (0, 2)}
    assert store.vote(Vote("turn-2", "up"), token=TOKEN) == "kept"
    assert [row["place"] for row in rows(database_url, "opened_passage")] == [0, 2]
    TurnStore(database).forget("conversation-1")
    assert rows(database_url, "opened_passage") == []
    database.close()


def test_of_many_votes_at_once_one_is_kept(database_url: str) -> None:
    database, store = a_store(database_url)
    outcomes: list[str] = []

    def vote(number: int) -> None:
        outcomes.append(store.vote(UP if number % 2 else DOWN, token=TOKEN))

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert sorted(outcomes) == ["kept", *["kept_before"] * 3, *["voted_otherwise"] * 4]
    assert counts(database_url)["feedback"] == 1


def test_the_table_takes_no_other_verdict(database_url: str) -> None:
    database, _ = a_store(database_url)
    database.close()
    engine = make_engine(database_url)
    sideways = {"turn_id": "turn-1", "verdict": "sideways", "reasons": "[]", "given_at": NOON}
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(Feedback), sideways)
    engine.dispose()


def test_a_vote_has_its_moment_and_a_database_that_is_not_there_says_so(database_url: str) -> None:
    database, store = a_store(database_url)
    store.vote(UP, token=TOKEN)
    database.close()
    assert rows(database_url, "feedback")[0]["given_at"].tzinfo is not None
    with pytest.raises(MemoryUnavailable):
        FeedbackStore(Database("sqlite:////proc/nothing/bot.sqlite3")).vote(UP, token=TOKEN)
