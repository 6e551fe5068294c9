"""Danger is told by the encoder's routing head, learnt from lines that clinicians review, and by patterns beside it."""

from __future__ import annotations

import json
import math
import re
import tomllib
from importlib import resources
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bot.answering.grams import plain
from bot.dialogue.calling import in_case
from bot.indexing.encoder import TextVectors
from bot.indexing.heads import packaged_card
from bot.safety.contacts import ANYWHERE, actions_for, countries
from bot.safety.danger import (
    SafetyClassifier,
    SafetyResult,
    SafetyThresholds,
    VectorsOf,
    packaged_thresholds,
)
from bot.safety.languages import urgent_by_words
from bot.safety.patterns import CUES, KINDS, packaged_patterns
from bot.safety.review import packaged_data
from tests.factories import FakeEncoder

SCHEMES = ("tel:", "sms:", "https:")
FOLDER = Path(str(resources.files("bot.safety")))
MESSAGES = sorted(Path(str(resources.files("bot.training"))).joinpath("data", "messages").glob("*.jsonl"))
HEARD = ("emergency", "crisis", "personal_medical", "general")
LIMITS = SafetyThresholds(
    urgent=0.4, urgent_with_pattern=0.2, near=0.1, personal=0.5, personal_unanswered=0.2, words=0.0, run="test"
)


def lines() -> list[dict[str, str]]:
    return [json.loads(line) for path in MESSAGES for line in path.read_text(encoding="utf-8").splitlines()]


def saying(**probability: float) -> VectorsOf:
    """What gives every text these probabilities of a kind."""
    (plainly,) = FakeEncoder().encode_texts(["text"])
    kinds = np.asarray([math.log(probability.get(kind, 1e-9)) for kind in HEARD], dtype=np.float32)

    def vectors_of(text: str) -> TextVectors:
        return TextVectors(
            plainly.vector,
            plainly.token_ids,
            plainly.token_spans,
            plainly.tokens,
            plainly.states,
            plainly.reading,
            kinds,
        )

    return vectors_of


def seen(message: str, **probability: float) -> SafetyResult:
    return SafetyClassifier(LIMITS, HEARD, lambda _: 0.0).look(message, saying(**probability))


def silent(text: str) -> TextVectors:
    raise AssertionError("nothing may be encoded here")


def test_every_message_and_pattern_has_its_reason_and_no_message_stands_twice() -> None:
    entries = lines()
    assert len(entries) > 5000
    assert {*KINDS} - {"personal"} | {"personal_medical", "general"} <= {entry["label"] for entry in entries}
    assert [entry["text"] for entry in entries if not entry["reason"].strip()] == []
    assert all(pattern.why.endswith(".") for pattern in packaged_patterns().patterns)
    assert len({plain(entry["text"]) for entry in entries}) == len(entries)


def test_people_review_the_very_lines_that_are_learnt_from_and_the_head_that_serves() -> None:
    data, card = packaged_data(), packaged_card("routing")
    assert data.messages == len(lines())
    assert card is not None
    assert data.head_sha256 == card.sha256


def test_the_thresholds_that_ship_are_shares_in_their_order() -> None:
    limits = packaged_thresholds()
    assert 0 < limits.near <= limits.urgent_with_pattern <= limits.urgent < 1
    assert 0 < limits.personal < 1
    assert limits.run


@pytest.mark.parametrize(("urgent", "kind"), [(0.41, "crisis"), (0.39, None)])
def test_a_message_is_urgent_from_its_threshold_on(urgent: float, kind: str | None) -> None:
    found = seen("the letter came", crisis=urgent, general=1 - urgent)
    assert (found.danger.kind if found.danger else None) == kind
    assert found.is_near


@pytest.mark.parametrize(("word_odds", "is_urgent"), [(0.0, False), (2.0, True), (-2.0, False)])
def test_the_words_of_a_message_have_a_say_beside_the_head(word_odds: float, is_urgent: bool) -> None:
    limits = msgspec.structs.replace(LIMITS, words=0.5)
    watch = SafetyClassifier(limits, HEARD, lambda _: word_odds)
    found = watch.look("the letter came", saying(crisis=0.3, general=0.7))
    assert (found.danger is not None) is is_urgent


def test_emergency_and_crisis_together_are_urgent_and_the_likelier_is_told() -> None:
    found = seen("the letter came", emergency=0.3, crisis=0.2).danger
    assert found is not None
    assert found.kind == "emergency"
    assert found.score > 0


@pytest.mark.parametrize(("message", "referred"), [("I want to die", True), ("the letter came", False)])
def test_where_a_pattern_speaks_less_is_asked_of_the_head(message: str, referred: bool) -> None:
    found = seen(message, crisis=0.3, general=0.7).danger
    assert (found is not None) is referred


def test_who_does_not_breathe_is_an_emergency_whatever_the_head_thinks() -> None:
    found = seen("help, my baby is not breathing", crisis=0.9).danger
    assert found is not None
    assert (found.kind, found.patterns) == ("emergency", ("breathing", "colour-and-breath"))


@pytest.mark.parametrize(("personal", "kind"), [(0.51, "personal"), (0.49, None)])
def test_a_decision_about_one_person_is_told_from_its_threshold_on(personal: float, kind: str | None) -> None:
    found = seen("the letter came", personal_medical=personal, general=1 - personal)
    assert (found.danger.kind if found.danger else None) == kind


@pytest.mark.parametrize(("urgent", "is_near"), [(0.11, True), (0.09, False)])
def test_a_message_close_to_a_cry_for_help_is_marked(urgent: float, is_near: bool) -> None:
    assert seen("the letter came", crisis=urgent, general=1 - urgent) == SafetyResult(None, is_near)


@pytest.mark.parametrize(
    ("message", "cue"),
    [
        ("what is status epilepticus", "general"),
        ("he stopped breathing two years ago", "past"),
        ("what if he ever stops breathing", "imagined"),
        ("she is not having a seizure", "denied"),
        ("my phone died", "idiom"),
    ],
)
def test_a_cue_is_seen(message: str, cue: str) -> None:
    assert cue in CUES
    assert cue in packaged_patterns().cues_in(plain(message))


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("my son can't breathe", ["breathing", "colour-and-breath"]),
        ("why can some children not breathe well", []),
        ("I want to die", ["want-to-die"]),
        ("I'm dying to know the result", []),
    ],
)
def test_a_pattern_counts_unless_a_cue_takes_it_back(message: str, found: list[str]) -> None:
    book, read = packaged_patterns(), plain(message)
    assert [pattern.id for pattern in book.found_in(read, book.cues_in(read))] == found


def test_with_another_model_patterns_alone_decide_and_nothing_is_encoded() -> None:
    watch = SafetyClassifier(packaged_thresholds(), (), urgent_by_words)
    found = watch.look("help, my baby is not breathing", silent).danger
    assert found is not None
    assert (found.kind, found.patterns) == ("emergency", ("breathing", "colour-and-breath"))
    assert watch.look("what is a gene", silent) == SafetyResult(None)


def test_danger_in_one_sentence_of_a_long_message_is_not_taken_back_by_another() -> None:
    message = (
        "She had a long seizure two years ago and the clinic sent us home again. What is status epilepticus? "
        "Please help, my baby is not breathing."
    )
    found = SafetyClassifier(packaged_thresholds(), (), urgent_by_words).look(message, silent).danger
    assert found is not None
    assert found.kind == "emergency"


@pytest.mark.parametrize("country", [*countries(), "nowhere"])
def test_every_country_has_somebody_to_call(country: str) -> None:
    for kind in ("emergency", "crisis"):
        actions = actions_for(kind, country)  # type: ignore[arg-type]
        assert actions
        assert all(action.label and action.href.startswith(SCHEMES) for action in actions)


def test_the_numbers_of_a_country_come_first_things_first() -> None:
    assert [action.href for action in actions_for("emergency", "US")] == ["tel:911"]
    assert actions_for("crisis", "GB")[0].href == "tel:116123"
    assert "tel:+18002221222" in [action.href for action in actions_for("emergency", "US", ["swallowed"])]
    assert actions_for("crisis", "nowhere") == actions_for("crisis", ANYWHERE)


@pytest.mark.parametrize("country", countries())
@pytest.mark.parametrize("kind", ["emergency", "crisis"])
def test_what_is_dialled_is_the_number_that_is_printed_and_it_says_what_it_is(kind: str, country: str) -> None:
    every = ["swallowed", "poison", "abuse", "afraid-of-somebody", "harm-child", "self-harm"]
    for action in actions_for(kind, country, every):  # type: ignore[arg-type]
        assert action.why
        if action.href.startswith("https:"):
            continue
        printed = re.sub(r"\D", "", action.label).lstrip("0") or "0"
        dialled = re.sub(r"\D", "", action.href.split("?")[0]).lstrip("0") or "0"
        assert dialled.endswith(printed), action.label


def test_where_the_country_is_not_known_each_emergency_number_is_a_call_of_its_own() -> None:
    assert [action.href for action in actions_for("emergency", ANYWHERE)] == ["tel:112", "tel:911", "tel:999"]
    quiet = [action.href for action in in_case(ANYWHERE).actions]
    assert quiet == ["tel:112", "tel:911", "tel:999", "https://findahelpline.com"]
    assert [action.href for action in in_case("GB").actions] == ["tel:999", "tel:116123"]


def test_the_contacts_say_when_and_by_whom_they_were_reviewed() -> None:
    content = tomllib.loads((FOLDER / "contacts.toml").read_text(encoding="utf-8"))
    assert content["reviewed_on"]
    assert content["reviewed_by"]
