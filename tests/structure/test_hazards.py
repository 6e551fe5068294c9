"""Every hazard is held by a test that exists, and the report on the chat is filled in by a command."""

from __future__ import annotations

import ast
import json
import re
from functools import lru_cache
from pathlib import Path

import pytest

from bench import chart
from tests.structure.tree import TOP

LOG = TOP / "docs" / "safety" / "hazards.md"
COLUMNS = ["id", "hazard", "cause", "effect", "severity", "likelihood", "control", "test"]
SEVERITIES = {"catastrophic", "major", "considerable", "significant", "minor"}
LIKELIHOODS = {"very high", "high", "medium", "low", "very low"}


def rows() -> list[dict[str, str]]:
    """The hazards, by the names of the columns."""
    lines = [line for line in LOG.read_text(encoding="utf-8").splitlines() if line.startswith("| H")]
    return [dict(zip(COLUMNS, map(str.strip, line.strip("|").split("|")), strict=True)) for line in lines]


@lru_cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_hazard_has_every_part_and_names_tests_that_exist(row: dict[str, str]) -> None:
    assert all(row.values())
    assert row["severity"] in SEVERITIES
    assert row["likelihood"] in LIKELIHOODS
    named = re.findall(r"`([^`]+)::([^`]+)`", row["test"])
    assert named
    missing = [f"{path}::{name}" for path, name in named if name not in functions_of(TOP / path)]
    assert missing == [], (
        "docs/safety/hazards.md names a test that is not there: name the one that holds the control now"
    )


def test_hazards_are_numbered_without_gaps() -> None:
    assert [row["id"] for row in rows()] == [f"H{number}" for number in range(1, len(rows()) + 1)]
    assert len(rows()) >= 12


def test_the_report_is_its_template_filled_with_measured_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    figures.write_text(json.dumps({"family_dev.right source first": 0.8125}), encoding="utf-8")
    assert chart.main(["--figures", str(figures)]) == 0
    page, told = capsys.readouterr()
    assert "| Families' questions: right source first | 81.2% |" in page
    assert "| Families' questions: answered | not measured |" in page
    assert "not measured: family_dev.answered" in told
    assert "{{" not in page


def test_a_file_that_holds_no_figures_is_said_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("[1]", "{"):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        assert chart.main(["--figures", str(tmp_path / "bad.json")]) == 1
        assert "python -m bench.families" in capsys.readouterr().err


def test_the_page_says_in_words_what_the_template_says() -> None:
    template = chart.TEMPLATE.read_text(encoding="utf-8")
    page = (TOP / "docs" / "safety" / "chart.md").read_text(encoding="utf-8")
    pattern = ".+?".join(map(re.escape, re.split(r"\{\{.+?\}\}", template)))
    assert re.fullmatch(pattern, page, re.DOTALL), (
        "run python -m bench.chart --figures FILE.json --out docs/safety/chart.md"
    )


def test_every_item_of_the_guideline_stands_in_the_report_once() -> None:
    found = re.findall(r"^\| (\d+[a-e]?i*) \|", chart.TEMPLATE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(found) == len(set(found)) == 39
