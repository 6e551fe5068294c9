"""What `references` and `grades` list of a corpus."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.editing.written import corpus


def listed(*words: str | Path) -> list[dict[str, str]]:
    """The rows of a command's CSV."""
    ran = CliRunner().invoke(main, [*map(str, words), "--format", "csv"])
    assert ran.exit_code == 0, ran.output
    return list(csv.DictReader(StringIO(ran.stdout)))


SEEN = {
    "title": "Clouds, seen",
    "publisher": "A body",
    "url": "https://a.body.gov/clouds",
    "seen_on": "2026-11-19",
}
UNSEEN = {"title": "Clouds, not seen", "url": "https://a.body.gov/more"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return corpus(tmp_path, references=[SEEN, UNSEEN])


def test_references_are_listed_with_their_number_and_the_day_each_was_seen(here: Path) -> None:
    first, second = (row for row in listed("references", "--corpus", here) if row["source"] == "clouds")
    assert first == {"source": "clouds", "number": "1", **SEEN}
    assert second == {"source": "clouds", "number": "2", "seen_on": "", "publisher": "", **UNSEEN}


def test_grades_are_listed_by_section_and_long_words_raise_them(tmp_path: Path) -> None:
    hard = "Extraordinarily complicated investigations necessitate considerable deliberation."
    here = corpus(tmp_path, f"## Why it matters\n\nThe cat sat on the mat.\n\n## How it works\n\n{hard}")
    grade = {
        row["section"]: float(row["grade"]) for row in listed("grades", "--corpus", here) if row["source"] == "clouds"
    }
    assert grade["Why it matters"] < 8 < grade["How it works"]


def test_lines_to_read_name_what_is_not_known_with_a_dash(here: Path) -> None:
    ran = CliRunner().invoke(main, ["references", "--corpus", str(here)])
    assert "clouds  1  2026-11-19  Clouds, seen  A body  https://a.body.gov/clouds" in ran.stdout
    assert "clouds  2  -  Clouds, not seen  -  https://a.body.gov/more" in ran.stdout
