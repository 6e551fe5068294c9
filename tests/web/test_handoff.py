"""Asking for a person over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from .factories import chat
from .memories import hand_off, remembering, stored


def test_a_hand_off_is_made_once_and_given_again(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    first = hand_off(here, answer, note="Please tell Ada.")
    assert first.status_code == 201
    assert first.json == {
        "handoff_id": first.json["handoff_id"],
        "turn_id": answer["turn_id"],
        "contact_kept": False,
        "come_back_code": first.json["come_back_code"],
    }
    again = hand_off(here, answer, contact="ada@example.org")
    another = {"contact_kept": True, "come_back_code": again.json["come_back_code"]}
    assert (again.status_code, again.json) == (200, {**first.json, **another})
    assert first.json["come_back_code"] != again.json["come_back_code"]
    kept = stored(tmp_path)
    assert b"Please tell [name]." in kept
    assert b"ada@example.org" not in kept


def test_without_a_key_a_contact_is_refused_with_what_to_do_and_a_hand_off_without_one_works(tmp_path: Path) -> None:
    here = remembering(tmp_path, key=False)
    answer = chat(here).json
    refused = hand_off(here, answer, note="A note of mine.", contact="ada@example.org")
    assert (refused.status_code, refused.json["code"]) == (503, "contact_unavailable")
    assert refused.content_type == "application/problem+json"
    assert "Leave contact out" in refused.json["detail"]
    assert "BOT_CONTACT_KEY" in refused.json["detail"]
    assert b"A note of mine." not in stored(tmp_path)
    assert b"ada@example.org" not in stored(tmp_path)
    made = hand_off(here, answer, note="A note of mine.")
    assert (made.status_code, made.json["contact_kept"]) == (201, False)


def test_a_hand_off_of_an_unknown_turn_is_refused(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    for turn_id in ("x" * 22, "", "\x00", "turn"):
        response = hand_off(here, {"turn_id": turn_id}, contact="ada@example.org")
        assert (response.status_code, response.json["code"]) == (404, "unknown_turn")


@pytest.mark.parametrize(
    "contact",
    [
        "ada@example.org",
        "Ada.Lovelace+bot@mail.example.co.uk",
        "jörg@müller.example",
        "a" * 241 + "@example.org",
        "+1 (415) 555-0199",
        "0041 44 668 18 00",
        "030/123456",
        "555-0199 ext. 12",
        "٠١٢٣٤٥٦٧٨",
        "+44 20 7946 0958",
    ],
)
def test_addresses_and_numbers_as_people_write_them_are_contacts(tmp_path: Path, contact: str) -> None:
    here = remembering(tmp_path)
    assert hand_off(here, chat(here).json, contact=f" {contact}\n").json["contact_kept"]


@pytest.mark.parametrize(
    "contact",
    [
        "call Ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@example.org, bob@example.org",
        "a" * 243 + "@example.org",
        "12345",
        "1" * 22,
        "https://example.org/ada",
        "+",
        "5551234 Ada",
    ],
)
def test_what_nobody_can_be_reached_by_is_refused_without_repeating_it(tmp_path: Path, contact: str) -> None:
    here = remembering(tmp_path)
    response = hand_off(here, chat(here).json, contact=contact)
    assert (response.status_code, response.json["code"]) == (422, "bad_contact")
    assert "Ada" not in response.text
    assert "ada" not in response.json["detail"]


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_contact_is_none(tmp_path: Path, empty: str | None) -> None:
    here = remembering(tmp_path, key=False)
    assert hand_off(here, chat(here).json, contact=empty, note=empty).status_code == 201


def test_a_note_of_2000_characters_is_taken_and_one_of_2001_is_not(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    answer = chat(here).json
    assert hand_off(here, answer, note="x" * 2001).json["code"] == "text_too_long"
    assert hand_off(here, answer, note="x" * 2000).status_code == 201


def test_a_hand_off_of_another_form_is_refused(tmp_path: Path) -> None:
    here = remembering(tmp_path)
    for fields in ({"note": 5}, {"contact": ["a"]}, {"turn_id": None}):
        response = hand_off(here, chat(here).json, **fields)
        assert (response.status_code, response.json["code"]) == (422, "wrong_shape")
