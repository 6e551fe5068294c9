"""The editor's check, through the command that editors use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.editing.written import corpus

CORPUS = Path(__file__).parents[2] / "corpus"


def check(folder: Path) -> Result:
    return CliRunner().invoke(main, ["check", "--corpus", str(folder), "--json"])


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A small corpus with nothing to mend, to be spoilt."""
    (tmp_path / "questions").mkdir()
    return corpus(tmp_path)


def test_the_shipped_corpus_has_no_error() -> None:
    report = json.loads(check(CORPUS).stdout)
    errors = [entry for entry in report["findings"] if entry["severity"] == "error"]
    assert errors == []
    assert report["explainers"] >= 90
    assert report["words"] >= 78_000
    assert report["median_grade"] <= 8
    assert report["highest_grade"] <= 10


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("## Why it matters", "## Something else", "sections"),
        ("A cloud is a thing", "As mentioned above, a cloud is a thing", "phrases"),
        (
            "## Why it matters\n",
            "## Why it matters\n\n"
            + "Multidisciplinary polysomnographic investigations characteristically necessitate comprehensive "
            "interdisciplinary neurodevelopmental evaluation, notwithstanding institutional heterogeneity. " * 6 + "\n",
            "reading-level",
        ),
    ],
)
def test_a_fault_is_an_error_with_its_file_and_line_and_the_cure(written: Path, old: str, new: str, rule: str) -> None:
    path = written / "explainers" / "clouds.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    ran = check(written)
    assert ran.exit_code == 1
    found = [entry for entry in json.loads(ran.stdout)["findings"] if entry["severity"] == "error"]
    assert {(Path(entry["path"]).name, entry["rule"]) for entry in found} == {(path.name, rule)}
    assert all(entry["line"] >= 1 and entry["cure"] for entry in found)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"text": "Why?", "section": None, "quotes": ["Nobody wrote this."]}, "this quote is not in clouds"),
        ({"text": "Why?", "section": "No such heading", "quotes": []}, "no section"),
        ({"text": "Why?", "quotes": "all"}, "not a question"),
    ],
)
def test_a_question_that_the_text_does_not_answer_as_it_says_is_an_error(
    written: Path, line: dict[str, object], said: str
) -> None:
    (written / "questions" / "clouds.jsonl").write_text(json.dumps(line), encoding="utf-8")
    ran = check(written)
    assert ran.exit_code == 1
    (found,) = [entry for entry in json.loads(ran.stdout)["findings"] if entry["severity"] == "error"]
    assert (Path(found["path"]).name, found["line"]) == ("clouds.jsonl", 1)
    assert said in json.dumps(found)
    assert found["cure"]


def test_every_bad_question_is_an_error_by_its_line_and_the_rest_of_the_corpus_is_checked_too(written: Path) -> None:
    bank = written / "questions" / "clouds.jsonl"
    good = {"text": "Whose fault is it?", "section": None, "quotes": []}
    unquoted = {"text": "Why?", "section": None, "quotes": ["Nobody wrote this."]}
    bank.write_text("\n".join(("{", json.dumps(good), json.dumps(good), "", json.dumps(unquoted))), encoding="utf-8")
    lost = bank.with_name("no-such-source.jsonl")
    lost.write_text(json.dumps(good), encoding="utf-8")
    other = written / "explainers" / "rivers.md"
    other.write_text(other.read_text(encoding="utf-8") + "\nTODO\n", encoding="utf-8")

    report = json.loads(check(written).stdout)

    errors = [entry for entry in report["findings"] if entry["severity"] == "error"]
    unreadable = [(entry["path"], entry["line"]) for entry in errors if entry["rule"] == "unreadable"]
    assert unreadable == [(str(bank), 1), (str(bank), 3), (str(bank), 5), (str(lost), 1)]
    assert (str(other), "unfinished") in {(entry["path"], entry["rule"]) for entry in errors}
    assert report["explainers"] == 3


def test_a_new_explainer_begins_with_all_its_sections_and_is_not_yet_clean(tmp_path: Path) -> None:
    (tmp_path / "explainers").mkdir()
    ran = CliRunner().invoke(main, ["new", "explainer", "sleep-and-light", "--corpus", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    text = (tmp_path / "explainers" / "sleep-and-light.md").read_text(encoding="utf-8")
    assert all(heading in text for heading in ("## Plain-English explanation", "## Why it matters", "## How it works"))
    assert check(tmp_path).exit_code == 1
    again = CliRunner().invoke(main, ["new", "explainer", "sleep-and-light", "--corpus", str(tmp_path)])
    assert again.exit_code != 0
