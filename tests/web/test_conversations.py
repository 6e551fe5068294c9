"""A family reads and removes its own conversation, and what is kept of it holds no personal detail."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import MemoryUnavailable
from bot.records import Answer, Notice
from bot.storage.connections import Database
from bot.storage.turn import TurnRecord

from .factories import chat, client
from .fake_answerer import BUILD, FakeAnswerer
from .memories import a_memory, forget, hand_off, read, remembering, stored, vote


class Echo(FakeAnswerer):
    """Says the question again, as an answer to a follow-up does."""

    def answer(self, question: str) -> Answer:
        return Answer("answered", BUILD, 1.0, notices=(Notice("understood", f"Read as: {question}"),))


def test_a_conversation_comes_back_in_order_with_what_was_sent_except_the_token(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    before = datetime.now(UTC)
    first = chat(here, "What is a digital twin?").json
    second = chat(here, "uncertain", conversation_id=first["conversation_id"]).json
    chat(here, "another conversation")
    response = read(here, first)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert list(response.json) == ["conversation_id", "turns", "replies"]
    one, two = response.json["turns"]
    assert list(one) == ["turn_id", "asked_at", "question", "answer", "feedback", "opened"]
    assert (one["question"], two["question"]) == ("What is a digital twin?", "uncertain")
    for turn, sent in ((one, first), (two, second)):
        assert turn["turn_id"] == sent["turn_id"]
        assert turn["answer"] == {name: value for name, value in sent.items() if name != "feedback_token"}
        assert turn["feedback"] is None
        assert before - timedelta(seconds=1) < datetime.fromisoformat(turn["asked_at"]) < datetime.now(UTC)


def test_personal_details_are_taken_out_of_what_is_kept_and_not_of_what_is_sent(tmp_path: Path) -> None:
    here = remembering(tmp_path, answerer=Echo())
    answer = chat(here, "Does my daughter Ada have a twin?").json
    assert answer["notices"][0]["text"] == "Read as: Does my daughter Ada have a twin?"
    (turn,) = read(here, answer).json["turns"]
    assert turn["question"] == "Does my daughter [name] have a twin?"
    assert turn["answer"]["notices"][0]["text"] == "Read as: Does my daughter [name] have a twin?"
    assert b"Ada" not in stored(tmp_path)


def test_a_question_on_the_page_without_script_is_remembered_too(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    assert here.post("/ask", data={"message": "What is a digital twin?"}).status_code == 200
    assert b"What is a digital twin?" in stored(tmp_path)


def test_an_unknown_conversation_is_a_problem(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    for conversation_id in ("x" * 22, "short", "a b", "%00" * 22):
        response = here.get(f"/api/v1/conversations/{conversation_id}")
        assert (response.status_code, response.json["code"]) == (404, "unknown_conversation")
        assert response.content_type == "application/problem+json"
    assert here.delete("/api/v1/conversations/short").json["code"] == "unknown_conversation"


def test_a_removed_conversation_is_gone_with_its_votes_and_hand_offs_and_removing_it_again_is_fine(
    tmp_path: Path,
) -> None:
    here = remembering(tmp_path)
    answer = chat(here, "a twin with a tail").json
    chat(here, conversation_id=answer["conversation_id"])
    other = chat(here, "an uncertain twin").json
    vote(here, answer, "down", comment="A comment that was made.")
    hand_off(here, answer, note="A note that was made.", contact="ada@example.org")
    first, again = forget(here, answer), forget(here, answer)
    assert (first.status_code, again.status_code) == (200, 200)
    assert list(first.json) == ["conversation_id", "removed", "receipt"]
    assert first.json["conversation_id"] == answer["conversation_id"]
    assert (first.json["removed"], again.json["removed"]) == (2, 0)
    assert first.json["receipt"]["id"] != again.json["receipt"]["id"]
    assert re.fullmatch(r"[\w-]{22}", first.json["receipt"]["id"])
    assert datetime.fromisoformat(first.json["receipt"]["removed_at"]).tzinfo is not None
    assert first.headers["Cache-Control"] == "no-store"
    assert read(here, answer).status_code == 404
    assert vote(here, answer).json["code"] == "unknown_turn"
    assert read(here, other).status_code == 200
    kept = stored(tmp_path)
    assert b"an uncertain twin" in kept
    for gone in (b"a twin with a tail", b"A comment", b"A note", answer["turn_id"].encode()):
        assert gone not in kept


def test_no_word_of_a_family_stands_in_a_log_or_in_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    here = remembering(tmp_path)
    answer = chat(here, "hedgehog question").json
    vote(here, answer, comment="hedgehog comment")
    hand_off(here, answer, note="hedgehog note", contact="hedgehog@example.org")
    read(here, answer)
    forget(here, answer)
    database = Database(f"sqlite:///{tmp_path}/bot.sqlite3")
    with database.statement() as connection:
        for table in ("contact", "handoff", "feedback", "turn"):
            connection.execute(text(f"DROP TABLE {table}"))
    database.close()
    assert chat(here, "hedgehog question").status_code == 200
    failed = [
        vote(here, answer, comment="hedgehog comment"),
        hand_off(here, answer, note="hedgehog note", contact="hedgehog@example.org"),
        read(here, answer),
        forget(here, answer),
    ]
    for response in failed:
        assert (response.status_code, response.json["code"]) == (503, "memory_unavailable")
        assert response.content_type == "application/problem+json"
        assert "hedgehog" not in response.text
    assert "OperationalError" in caplog.text
    assert "hedgehog" not in caplog.text
    assert answer["conversation_id"] not in caplog.text


def test_a_memory_that_is_down_keeps_nobody_from_an_answer() -> None:
    class Down:
        def record(self, turn: TurnRecord, *, caller: str | None = None) -> None:
            raise MemoryUnavailable("OperationalError")

    response = chat(client(memory=Down()))
    assert (response.status_code, response.json["status"]) == (200, "answered")


def test_votes_hand_offs_and_conversations_work_on_both_databases(database_url: str) -> None:
    memory = a_memory(database_url)
    here = client(memory=memory)
    answer = chat(here, "Does Ada have a twin?").json
    assert vote(here, answer, "down", reasons=["other"]).status_code == 200
    assert vote(here, answer).status_code == 409
    assert hand_off(here, answer, contact="+1 415 555 0199").status_code == 201
    assert hand_off(here, answer).status_code == 200
    assert read(here, answer).json["turns"][0]["question"] == "Does [name] have a twin?"
    assert forget(here, answer).json["removed"] == 1
    assert read(here, answer).status_code == 404
    memory.close()
