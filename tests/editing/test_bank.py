"""The question bank follows the texts: quotes carried over to changed sentences, and lines added after the checks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main

TEXT = """---
id: seizures
kind: explainer
title: Seizures
---

## What to do

Stay with your child until the seizure ends. Call your local emergency number when a seizure lasts 5 minutes.

## What not to do

A mouth must never be forced open.
"""
# As the bank's file has it: spaces and the order of fields are its editor's.
KEPT = '{"text":"do i stay", "section":"What to do", "quotes":["Stay with your child until the seizure ends."]}'


def run(*words: str | Path, said: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=said)


def asked(text: str, section: str | None, *quotes: str) -> str:
    """A line of the bank."""
    return json.dumps({"text": text, "section": section, "quotes": list(quotes)})


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A corpus with one text."""
    (tmp_path / "explainers").mkdir()
    (tmp_path / "questions").mkdir()
    (tmp_path / "explainers" / "seizures.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def bank(corpus: Path, *lines: str) -> Path:
    """The questions of the text."""
    path = corpus / "questions" / "seizures.jsonl"
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return path


def moves(corpus: Path, *more: str) -> list[dict[str, Any]]:
    """What `carry-over` says, a record for each quote and heading."""
    return [
        json.loads(line) for line in run("bank", "carry-over", "--corpus", corpus, "--json", *more).stdout.splitlines()
    ]


def test_a_changed_sentence_is_shown_with_its_score_and_nothing_is_written(here: Path) -> None:
    path = bank(
        here, KEPT, asked("whom to call", "What to do", "Call the emergency number when a seizure lasts 5 minutes.")
    )
    before = path.read_bytes()
    ran = run("bank", "carry-over", "--corpus", here)
    assert ran.exit_code == 0
    place, old, new = ran.stdout.splitlines()
    assert place.startswith(f"{path}:2: quote, ")
    assert old == "  - Call the emergency number when a seizure lasts 5 minutes."
    assert new == "  + Call your local emergency number when a seizure lasts 5 minutes."
    assert "1 would be carried over by --write, 0 not" in ran.stderr
    assert path.read_bytes() == before


def test_written_are_the_lines_that_changed_and_the_others_stay_byte_for_byte(here: Path) -> None:
    path = bank(
        here, KEPT, asked("whom", "What to do", "Call the emergency number when a seizure lasts 5 minutes."), ""
    )
    assert run("bank", "carry-over", "--corpus", here, "--write").exit_code == 0
    first, second, *rest = path.read_text(encoding="utf-8").split("\n")
    assert (first, rest) == (KEPT, ["", ""])
    assert json.loads(second)["quotes"] == ["Call your local emergency number when a seizure lasts 5 minutes."]
    assert moves(here) == []
    assert "unreadable" not in run("check", "--corpus", here).stdout


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("Breakfast is at eight in the kitchen.", "below 85"),
        ("Call your local emergency number when a seizure lasts 3 minutes.", "a number is gone"),
        ("A mouth must be forced open.", "a negation came or went"),
    ],
)
def test_what_says_something_else_is_shown_and_left(here: Path, old: str, why: str) -> None:
    path = bank(here, asked("what", "What to do", old))
    before = path.read_bytes()
    (move,) = moves(here, "--write")
    assert (move["old"], move["why_not"]) == (old, why)
    assert path.read_bytes() == before
    assert run("bank", "carry-over", "--corpus", here, "--write").exit_code == 1


def test_a_lost_heading_becomes_that_of_its_quote_or_the_one_called_most_alike(here: Path) -> None:
    bank(
        here,
        asked("stay?", "During a seizure", "Stay with your child until the seizure ends."),
        asked("how much does a helmet cost", "What to not do"),
        asked("can I swim", "Swimming"),
    )
    by_quote, by_name, neither = moves(here, "--write")
    assert (by_quote["new"], by_quote["why_not"]) == ("What to do", None)
    assert (by_name["new"], by_name["kind"]) == ("What not to do", "section")
    assert neither["why_not"] == "below 85"


def test_two_quotes_that_became_one_sentence_are_there_once(here: Path) -> None:
    olds = (
        "Call the emergency number when a seizure lasts 5 minutes.",
        "Call your emergency number when a seizure lasts 5 minutes.",
    )
    path = bank(here, asked("whom", "What to do", *olds))
    run("bank", "carry-over", "--corpus", here, "--write")
    assert len(json.loads(path.read_text(encoding="utf-8"))["quotes"]) == 1


def test_a_question_is_added_after_the_checks_from_standard_input_or_a_file(here: Path, tmp_path: Path) -> None:
    path = bank(here, KEPT)
    path.write_bytes(path.read_bytes().rstrip())
    line = asked("mouth?", "What not to do", "A mouth must never be forced open.")
    ran = run("bank", "add", "seizures", "--corpus", here, said=f"{line}\n")
    assert (ran.exit_code, ran.stdout) == (0, f"{path}\n")
    assert path.read_text(encoding="utf-8") == f"{KEPT}\n{line}\n"
    given = tmp_path / ".lines"
    given.write_text(asked("and after?", None), encoding="utf-8")
    ran = run("bank", "add", "seizures", "--corpus", here, "--file", given, "--json")
    assert json.loads(ran.stdout) == {"path": str(path), "added": 1, "questions": 3}


def test_a_first_question_begins_the_file(here: Path) -> None:
    assert run("bank", "add", "seizures", "--corpus", here, said=KEPT).exit_code == 0
    assert (here / "questions" / "seizures.jsonl").read_text(encoding="utf-8") == f"{KEPT}\n"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (asked("why", "What to do", "Nobody wrote this."), "standard input:2: this quote is not in seizures"),
        (asked("why", "No such heading"), "standard input:2: there is no section 'No such heading'"),
        ("{", "standard input:2: the line is not a question"),
        (KEPT, "'do i stay' is in"),
        (asked("new", None), "standard input:2: the question is in the file already"),
    ],
)
def test_one_bad_line_and_nothing_is_added(here: Path, line: str, fault: str) -> None:
    path = bank(here, KEPT)
    before = path.read_bytes()
    ran = run("bank", "add", "seizures", "--corpus", here, said=f"{asked('new', None)}\n{line}\n")
    assert ran.exit_code == 1
    assert fault in ran.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("slug", "said"), [("no-such-source", KEPT), ("../explainers/seizures", KEPT), ("seizures", "\n")]
)
def test_no_source_and_no_line_are_refused(here: Path, slug: str, said: str) -> None:
    assert run("bank", "add", slug, "--corpus", here, said=said).exit_code == 1
    assert list((here / "questions").iterdir()) == []
