"""Votes over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from .factories import chat, client
from .memories import read, remembering, stored, vote

REASONS = ["not_what_i_asked", "too_hard_to_read", "wrong_condition", "out_of_date", "upsetting", "other"]


def test_a_vote_is_kept_and_seen_in_the_conversation(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    response = vote(here, answer, "down", reasons=REASONS, comment="  Not for Ada.\n")
    assert (response.status_code, response.json) == (200, {"turn_id": answer["turn_id"], "verdict": "down"})
    assert response.headers["Cache-Control"] == "no-store"
    (turn,) = read(here, answer).json["turns"]
    assert turn["feedback"] == {"verdict": "down", "reasons": REASONS, "comment": "Not for [name]."}


def test_the_same_vote_again_is_fine_and_another_is_refused(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    assert [vote(here, answer).status_code for _ in range(3)] == [200, 200, 200]
    for other in ({"verdict": "down"}, {"comment": "Thanks."}, {"reasons": ["other"]}):
        response = vote(here, answer, **other)
        assert (response.status_code, response.json["code"]) == (409, "already_voted")
    assert read(here, answer).json["turns"][0]["feedback"]["verdict"] == "up"


def test_a_wrong_token_an_unknown_turn_and_what_is_no_turn_are_told_apart(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    first, second = chat(here).json, chat(here).json
    for token in (second["feedback_token"], "", "x"):
        response = vote(here, first, feedback_token=token)
        assert (response.status_code, response.json["code"]) == (403, "wrong_token")
    for turn_id in ("x" * 22, "", "turn", "\x00" * 22, "x" * 5000):
        response = vote(here, first, turn_id=turn_id)
        assert (response.status_code, response.json["code"]) == (404, "unknown_turn")


def test_the_token_is_not_stored(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    vote(here, answer)
    kept = stored(tmp_path)
    assert answer["turn_id"].encode() in kept
    assert answer["feedback_token"].encode() not in kept


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "sideways about Ada"},
        {"verdict": None},
        {"verdict": 1},
        {"reasons": "other"},
        {"reasons": ["because of Ada"]},
        {"reasons": [5]},
        {"reasons": [*REASONS, "other"]},
        {"comment": 5},
        {"turn_id": None},
        {"feedback_token": ["Ada"]},
    ],
)
def test_a_vote_of_another_form_is_refused_without_repeating_it(tmp_path: Path, fields: dict[str, object]) -> None:
    here = remembering(tmp_path)
    response = vote(here, chat(here).json, **fields)
    assert (response.status_code, response.json["code"]) == (422, "wrong_shape")
    assert "Ada" not in response.text


def test_a_reason_twice_is_one_reason_and_nulls_are_absent(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    first, second = chat(here).json, chat(here).json
    vote(here, first, reasons=["other", "upsetting", "other"], comment="  ")
    vote(here, second, reasons=None, comment=None, extra=1)
    assert read(here, first).json["turns"][0]["feedback"]["reasons"] == ["other", "upsetting"]
    assert read(here, second).json["turns"][0]["feedback"] == {"verdict": "up", "reasons": [], "comment": None}


def test_a_comment_of_1000_characters_is_taken_and_one_of_1001_is_not(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    response = vote(here, answer, comment="x" * 1001)
    assert (response.status_code, response.json["code"]) == (422, "text_too_long")
    assert vote(here, answer, comment=" " + "x" * 1000).status_code == 200


def test_bodies_are_limited_as_those_of_questions_are(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    for path in ("/api/v1/feedback", "/api/v1/handoff"):
        assert here.post(path, data=b"x" * 40_000, content_type="application/json").status_code == 413
        assert here.post(path, data=b"{", content_type="application/json").json["code"] == "not_json"
        assert here.post(path, data=b"{}", content_type="text/plain").json["code"] == "wrong_content_type"
        assert here.get(path).status_code == 405


def test_a_service_that_remembers_nothing_says_so() -> None:
    here = client()
    answer = chat(here).json
    response = vote(here, answer)
    assert (response.status_code, response.json["code"]) == (503, "memory_unavailable")
