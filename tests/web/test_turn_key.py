"""A question that is sent again under its key gets the answer that it had, and is kept once."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from .factories import chat
from .fake_answerer import FakeAnswerer
from .memories import read, remembering, vote

KEY = base64.urlsafe_b64encode(bytes(range(16))).decode().rstrip("=")


def test_the_same_key_gets_the_same_answer_and_is_asked_and_kept_once(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    here = remembering(tmp_path, answerer=answerer)
    first = chat(here, turn_key=KEY).json
    again = chat(here, turn_key=KEY).json
    assert again == first
    assert answerer.asked == 1
    assert len(read(here, first).json["turns"]) == 1
    assert vote(here, again).status_code == 200


def test_within_a_conversation_it_is_the_same(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    conversation = chat(here).json["conversation_id"]
    first = chat(here, "uncertain", turn_key=KEY, conversation_id=conversation).json
    assert chat(here, "uncertain", turn_key=KEY, conversation_id=conversation).json == first
    assert len(read(here, first).json["turns"]) == 2


def test_no_name_of_a_turn_leads_to_its_answer(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    first = chat(here, turn_key=KEY).json
    for name in ("turn_id", "conversation_id", "feedback_token"):
        assert chat(here, "uncertain", turn_key=first[name]).json["turn_id"] != first["turn_id"]


@pytest.mark.parametrize("key", ["", "short", "x" * 23, "!" * 22])
def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    response = chat(remembering(tmp_path), turn_key=key)
    assert (response.status_code, response.json["code"]) == (422, "bad_turn_key")


def test_without_a_memory_the_answer_is_made_again_under_the_same_names() -> None:
    from .factories import client

    here = client()
    assert chat(here, turn_key=KEY).json == chat(here, turn_key=KEY).json
