"""What editors type: `check` of one file, `new`, and an `ingest` that takes nothing unfinished."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.editing.written import corpus


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Three explainers: one with an error, one with a warning, one with neither."""
    corpus(tmp_path)
    for name, word in (("clouds", "TODO"), ("rivers", "Rain fell recently.")):
        path = tmp_path / "explainers" / f"{name}.md"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{word}\n", encoding="utf-8")
    return tmp_path


def test_check_shows_only_the_files_that_are_named_and_judges_by_them(here: Path) -> None:
    ran = run("check", "--corpus", here, here / "explainers" / "rivers.md")
    assert ran.exit_code == 0
    assert [line.split(":")[0] for line in ran.stdout.splitlines()] == [str(here / "explainers" / "rivers.md")]
    assert "1 finding not shown, 1 of them errors" in ran.stderr
    assert run("check", "--corpus", here, here / "explainers" / "clouds.md").exit_code == 1
    assert run("check", "--corpus", here, here / "explainers").exit_code == 1


def test_links_of_a_named_file_are_looked_for_in_the_whole_corpus(here: Path) -> None:
    assert run("check", "--corpus", here, here / "explainers" / "stones.md").stdout == ""


def test_a_file_that_is_not_there_is_wrong_usage(here: Path) -> None:
    assert run("check", "--corpus", here, here / "explainers" / "winds.md").exit_code == 2


def test_a_named_file_outside_the_corpus_is_checked_with_it(
    here: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    draft = tmp_path_factory.mktemp("drafts") / "winds.md"
    draft.write_text("---\ntitle: Winds\n---\n\nTODO\n", encoding="utf-8")
    ran = run("check", "--corpus", here / "explainers", draft)
    assert {line.split(":")[0] for line in ran.stdout.splitlines()} == {str(draft)}


def test_errors_come_last_and_can_be_all_that_is_shown(here: Path) -> None:
    lines = run("check", "--corpus", here).stdout.splitlines()
    assert [line.split(" ")[1] for line in lines] == ["warning", "error"]
    (only,) = run("check", "--corpus", here, "--errors-only").stdout.splitlines()
    assert "error [unfinished]" in only
    report = json.loads(run("check", "--corpus", here, "--errors-only", "--json").stdout)
    assert [one["severity"] for one in report["findings"]] == ["error"]


def test_the_sum_names_the_files_with_errors_and_the_rules_that_warn(here: Path) -> None:
    said = run("check", "--corpus", here).stderr.splitlines()
    assert f"{here / 'explainers' / 'clouds.md'}: 1 error" in said
    assert "warnings by rule: phrases 1" in said


@pytest.mark.parametrize("kind", ["explainer", "interview"])
def test_a_new_source_never_takes_the_place_of_what_is_there(tmp_path: Path, kind: str) -> None:
    made = Path(run("new", kind, "sleep", "--corpus", tmp_path).stdout.strip())
    made.write_text("my words", encoding="utf-8")
    again = run("new", kind, "sleep", "--corpus", tmp_path)
    assert again.exit_code == 1
    assert "the file is there already" in again.stderr
    assert made.read_text(encoding="utf-8") == "my words"


def test_a_new_source_follows_no_link_to_what_is_there(tmp_path: Path) -> None:
    kept = tmp_path / "kept.md"
    kept.write_text("my words", encoding="utf-8")
    (tmp_path / "explainers").mkdir()
    (tmp_path / "explainers" / "sleep.md").symlink_to(kept)
    assert run("new", "explainer", "sleep", "--corpus", tmp_path).exit_code == 1
    assert kept.read_text(encoding="utf-8") == "my words"


def test_ingest_takes_nothing_unfinished_and_says_where_it_is(here: Path, tmp_path: Path) -> None:
    clouds, sleep = (here / "explainers" / name for name in ("clouds.md", "sleep.md"))
    run("new", "explainer", "sleep", "--corpus", here)
    ran = run("ingest", "--corpus", here, "--index", tmp_path / "index")
    assert ran.exit_code == 1
    lines = ran.stderr.removeprefix("Error: ").splitlines()
    assert {line.split(":")[0] for line in lines} == {str(clouds), str(sleep)}
    assert any(
        line.startswith(f"{sleep}:6: summary: TODO is left to write. Write it, or take it out.") for line in lines
    )
    assert not (tmp_path / "index" / "current").exists()
