"""Danger is told by a model that is learnt from files that clinicians review."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bot.answering.grams import plain
from bot.conversing.safety.contacts import ANYWHERE, actions_for, countries
from bot.conversing.safety.danger import Watch, packaged_model
from bot.conversing.safety.patterns import CUES, KINDS, packaged_patterns
from bot.measuring.safety import FOLDER, learnt_from

SCHEMES = ("tel:", "sms:", "https:")


def groups() -> list[dict[str, object]]:
    files = sorted(FOLDER.glob("exemplars*.toml"))
    return [group for path in files for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]]


def test_the_model_is_learnt_from_the_files_as_they_are() -> None:
    assert packaged_model().learnt_from == learnt_from(), "run python -m bot safety --fit … --write"


def test_every_exemplar_and_pattern_has_its_reason_and_no_exemplar_stands_twice() -> None:
    entries = groups()
    assert len({str(group["id"]) for group in entries}) == len(entries)
    assert {str(group["kind"]) for group in entries} == {*KINDS, "none"}
    assert all(str(group["why"]).endswith(".") for group in entries)
    assert all(pattern.why.endswith(".") for pattern in packaged_patterns().patterns)
    messages = [message for group in entries for message in group["messages"]]  # type: ignore[attr-defined]
    assert len({plain(message) for message in messages}) == len(messages)


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


def test_with_another_model_patterns_alone_decide() -> None:
    watch = Watch(packaged_model(), "another")
    seen = watch.look("help, my baby is not breathing", lambda _: np.zeros(384, dtype=np.float32)).danger
    assert seen is not None
    assert (seen.kind, seen.patterns) == ("emergency", ("breathing", "colour-and-breath"))
    assert watch.look("what is a gene", lambda _: np.zeros(384, dtype=np.float32)).danger is None


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


def test_the_contacts_say_when_and_by_whom_they_were_reviewed() -> None:
    content = tomllib.loads((Path(FOLDER) / "contacts.toml").read_text(encoding="utf-8"))
    assert content["reviewed_on"]
    assert content["reviewed_by"]
