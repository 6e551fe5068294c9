"""What people write goes in without personal details, whichever way it comes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.errors import MemoryUnavailable
from bot.storage.connections import Database
from bot.storage.feedback import Vote
from bot.storage.remembering import Memory, RememberedTurn
from bot.storage.secrecy import Sealer
from tests.storage.stores import TOKEN, a_database, a_turn, rows

SECRET = "Ada"


def redact(text: str) -> str:
    return text.replace(SECRET, "[name]")


def a_memory(database: Database) -> Memory:
    return Memory(database, redact=redact, sealer=Sealer([Fernet.generate_key().decode()]))


def test_no_way_in_lets_a_personal_detail_through(tmp_path: Path) -> None:
    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    memory = a_memory(database)
    said = {
        "message": "Is this about Ada?",
        "notices": [{"kind": "understood", "text": "Read as: Ada and genes", "actions": []}],
    }
    memory.record(
        a_turn(question="What is a gene for Ada?", understood="Genes: for Ada?", answer=json.dumps(said)),
    )
    assert memory.vote(Vote("turn-1", "down", comment="Ada cried."), token=TOKEN) == "kept"
    memory.hand_off("turn-1", note="Please call Ada.", contact="ada@example.org")
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"[name] cried." in files
    assert b"Please call [name]." in files
    assert SECRET.encode() not in files
    (kept,) = memory.conversation("conversation-1")
    assert (kept.turn.question, kept.turn.understood) == ("What is a gene for [name]?", "Genes: for [name]?")
    assert json.loads(kept.turn.answer or "") == {
        "message": "Is this about [name]?",
        "notices": [{"kind": "understood", "text": "Read as: [name] and genes", "actions": []}],
    }
    assert kept.vote == Vote("turn-1", "down", (), "[name] cried.")
    database.close()


def test_quotations_stay_word_for_word_and_an_answer_without_details_as_it_was_sent(tmp_path: Path) -> None:
    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    memory = a_memory(database)
    answer = '{"message":null,"snippets":[{"text":"Ada Lovelace wrote of a twin."}],"notices":[]}'
    memory.record(a_turn(1, question="What did she write?", answer=answer))
    memory.record(a_turn(2, question="What did Ada write?", answer=answer))
    memory.record(a_turn(3, question=None, answer=None))
    assert [turn.answer for turn in memory.history("conversation-1", last=3)] == [answer, answer, None]
    database.close()


def test_a_conversation_has_each_turn_with_its_vote(database_url: str) -> None:
    database = a_database(database_url)
    memory = a_memory(database)
    for number in (1, 2):
        memory.record(a_turn(number))
    memory.vote(Vote("turn-2", "up"), token=TOKEN)
    first, second = memory.conversation("conversation-1")
    assert first == RememberedTurn(a_turn(1), None)
    assert second == RememberedTurn(a_turn(2), Vote("turn-2", "up"))
    assert memory.forget("conversation-1") == 2
    assert memory.conversation("conversation-1") == ()
    database.close()
    assert rows(database_url, "feedback") == []


def test_words_that_the_redaction_fails_on_are_not_kept_and_not_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(text: str) -> str:
        raise KeyError(text)

    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    memory = Memory(database, redact=failing)
    memory.record(a_turn(question="What is a gene for Ada?", answer='{"message": "For Ada?"}'))
    assert "KeyError" in caplog.text
    assert SECRET not in caplog.text
    for remember in (
        lambda: memory.vote(Vote("turn-1", "up", comment="Ada smiled."), token=TOKEN),
        lambda: memory.hand_off("turn-1", note="Call Ada."),
    ):
        with pytest.raises(MemoryUnavailable, match="KeyError") as caught:
            remember()
        assert SECRET not in str(caught.value)
    database.close()
    assert [row["question"] for row in rows(f"sqlite:///{tmp_path}/bot.sqlite3", "turn")] == [None]
    assert SECRET.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_detail_that_the_answer_says_out_of_its_sentence_is_taken_out_there_too(tmp_path: Path) -> None:
    def redact_after_my_son(text: str) -> str:
        return re.sub("(?<=[Mm]y son )\\w+ \\w+", "[name]", text)

    said = {
        "message": "I do not know “MULLER”, but a gene I do.",
        "notices": [{"kind": "spelling", "text": "I looked for “gene” (you typed “Zöe”).", "actions": []}],
    }
    database = a_database(f"sqlite:///{tmp_path}/bot.sqlite3")
    memory = Memory(database, redact=redact_after_my_son)
    memory.record(a_turn(question="What is a gene? My son Zoë Müller asks.", answer=json.dumps(said)))
    (kept,) = memory.history("conversation-1", last=1)
    database.close()
    assert kept.question == "What is a gene? My son [name] asks."
    assert json.loads(kept.answer or "") == {
        "message": "I do not know “[…]”, but a gene I do.",
        "notices": [{"kind": "spelling", "text": "I looked for “gene” (you typed “[…]”).", "actions": []}],
    }
