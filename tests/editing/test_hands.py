"""What the hands quote follows the texts, so that a changed sentence goes on teaching."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.editing.bank import sources_of
from bot.editing.hands import lost_by_hands, write_hand

from .test_bank import TEXT


@pytest.fixture
def hands(tmp_path: Path) -> Path:
    """A folder with one hand, who read an older text."""
    (tmp_path / "corpus" / "explainers").mkdir(parents=True)
    (tmp_path / "corpus" / "explainers" / "seizures.md").write_text(TEXT, encoding="utf-8")
    asked = {
        "text": "do i leave the room",
        "kind": "question",
        "sources": ["not-written-yet", "seizures"],
        "quotes": ["Stay with a child until the seizure has ended.", "Bananas are yellow."],
        "also": ["A mouth must never be forced open."],
    }
    folder = tmp_path / "hands"
    folder.mkdir()
    (folder / "one.jsonl").write_text(f"{json.dumps(asked)}\n", encoding="utf-8")
    return folder


def test_a_quote_goes_to_the_sentence_that_says_the_same_now_and_what_is_gone_is_left_out(hands: Path) -> None:
    (hand,) = lost_by_hands(hands, sources_of(hands.parent / "corpus"))
    assert [move.why_not is None for move in hand.moves] == [True, False]
    write_hand(hand)
    line = json.loads((hands / "one.jsonl").read_text(encoding="utf-8"))
    assert line["quotes"] == ["Stay with your child until the seizure ends."]
    assert line["also"] == ["A mouth must never be forced open."]


def test_what_stands_is_left_as_it_is(hands: Path) -> None:
    sources = sources_of(hands.parent / "corpus")
    write_hand(lost_by_hands(hands, sources)[0])
    assert lost_by_hands(hands, sources) == []


def test_the_turns_of_a_conversation_follow_the_texts_as_well(hands: Path) -> None:
    turn = {"text": "do i leave the room", "leans": False, "meant": "", "source": "seizures"}
    quotes = ["Stay with a child until the seizure has ended."]
    talk = {
        "_id": "t-1",
        "who": "a father",
        "turns": [{**turn, "quotes": quotes}, {**turn, "source": None, "quotes": []}],
    }
    (hands / "one.jsonl").write_text(f"{json.dumps(talk)}\n", encoding="utf-8")
    write_hand(lost_by_hands(hands, sources_of(hands.parent / "corpus"))[0])
    first, second = json.loads((hands / "one.jsonl").read_text(encoding="utf-8"))["turns"]
    assert first["quotes"] == ["Stay with your child until the seizure ends."]
    assert second.get("quotes", []) == []
