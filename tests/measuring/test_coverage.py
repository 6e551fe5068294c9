"""What questions show about a corpus, by the real model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import wiring
from bot.cli import main
from bot.settings import Settings

pytestmark = pytest.mark.model

SECTION = "## {heading}\n\n{text}\n\n"
PAGE = """---
id: {slug}
kind: explainer
title: {title}
summary: {summary}
---

{body}"""
SLEEP = (
    ("Plain-English explanation", "A sleep study records sleep in a clinic for one night with small sensors."),
    ("Who pays for a sleep study?", "Health insurance pays for a sleep study in many countries."),
    ("Who pays for sleep studies?", "Health insurance pays for a sleep study in most countries."),
    ("Where to park", "The garage of the clinic closes at eight in the evening, and the street is free."),
)


@pytest.fixture(scope="module")
def index(encoded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coverage")
    body = "".join(SECTION.format(heading=heading, text=text) for heading, text in SLEEP)
    page = PAGE.format(slug="sleep-studies", title="Sleep studies", summary="A night in a sleep clinic.", body=body)
    other = SECTION.format(heading="Plain-English explanation", text="A hearing test plays tones through headphones.")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "sleep-studies.md").write_text(page, encoding="utf-8")
    (folder / "corpus" / "hearing-tests.md").write_text(
        PAGE.format(slug="hearing-tests", title="Hearing tests", summary="Tones in headphones.", body=other),
        encoding="utf-8",
    )
    settings = replace(Settings(), index=encoded)
    wiring.ingest(settings, [folder / "corpus"], lambda step, done, total: None)
    return settings.index


def covered(index: Path, tmp_path: Path, *questions: str) -> dict[str, object]:
    file = tmp_path / "questions.jsonl"
    lines = (json.dumps({"_id": f"q{number}", "text": text}) for number, text in enumerate(questions))
    file.write_text("\n".join(lines), encoding="utf-8")
    ran = CliRunner().invoke(main, ["coverage", "--questions", str(file), "--index", str(index), "--json"])
    assert ran.exit_code == 0, ran.output
    found: dict[str, object] = json.loads(ran.stdout)
    return found


def test_a_question_that_finds_nothing_is_named_with_what_came_nearest(index: Path, tmp_path: Path) -> None:
    found = covered(index, tmp_path, "what is a sleep study", "who won the football game")
    assert found["asked"] == 2
    (gap,) = found["gaps"]  # type: ignore[misc]
    assert (gap["question"], gap["text"]) == ("q1", "who won the football game")
    assert gap["nearest"]["source"] in {"sleep-studies", "hearing-tests"}


def test_a_section_that_answers_nobody_is_named_and_one_that_answers_is_not(index: Path, tmp_path: Path) -> None:
    idle = covered(index, tmp_path, "what does a sleep study record with small sensors")["idle"]
    assert {"source": "sleep-studies", "headings": "Where to park"} in idle  # type: ignore[operator]
    assert {"source": "sleep-studies", "headings": "Plain-English explanation"} not in idle  # type: ignore[operator]


def test_two_sections_that_say_the_same_compete(index: Path, tmp_path: Path) -> None:
    found = covered(index, tmp_path, "who pays for a sleep study", "does health insurance pay for a sleep study")
    pairs = [{pair["one"]["headings"], pair["other"]["headings"]} for pair in found["competing"]]  # type: ignore[attr-defined]
    assert pairs == [{"Who pays for a sleep study?", "Who pays for sleep studies?"}]
