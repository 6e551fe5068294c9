"""A slip of the pen on the command line is told in a sentence, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner, Result

from bot.cli import main

WRITTEN = "---\nid: {0}\nkind: explainer\ntitle: Genes\nsummary: TODO\n---\n\n## Why it matters\n\nGenes are read.\n"


def run(*words: str, **settings: str) -> Result:
    return CliRunner().invoke(main, list(words), env=settings)


def test_a_database_that_is_away_is_told_in_a_line_and_not_in_pages() -> None:
    result = run("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    assert result.exit_code == 1
    assert "The memory of turns does not work" in result.output
    assert "Traceback" not in result.output
    assert len(result.output.splitlines()) < 4


def test_the_folder_of_a_mistyped_database_is_not_made(tmp_path: Path) -> None:
    result = run("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/no/where/x.db")
    assert result.exit_code == 1
    assert f"there is no folder {tmp_path}/no/where for x.db" in result.output
    assert list(tmp_path.iterdir()) == []
    assert run("migrate", DATABASE_URL="sqlite:////nope/x.db").exit_code == 1
    assert not Path("/nope").exists()
    assert run("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/var/x.db").exit_code == 0


def test_a_sync_makes_no_corpus_out_of_a_slip(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss/>")
    result = run("sync", "--feed", str(feed), "--corpus", str(tmp_path / "nope"))
    assert result.exit_code == 2
    assert "There is no folder" in result.output
    assert not (tmp_path / "nope").exists()


def test_all_that_is_wrong_with_a_site_is_told_at_once_by_the_names_of_the_options(tmp_path: Path) -> None:
    result = run(
        "site", "add", "--name", "Sunflower", "--origin", "nothing", "--country", "ZZ", "--accent-light", "red",
        "--language", "xx", DATABASE_URL=f"sqlite:///{tmp_path}/x.db",
    )  # fmt: skip
    assert result.exit_code == 2
    for option in ("--origin", "--country", "--accent-light", "--language"):
        assert f"{option}: found" in result.output
    assert "accent_light" not in result.output


def test_an_edit_of_nothing_says_so(tmp_path: Path) -> None:
    result = run("site", "edit", "abc", DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
    assert result.exit_code == 2
    assert "Say what to change" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("evaluate", "--data", "nope"), "nope: no such folder"),
        (("coverage", "--questions", "nope.jsonl"), "nope.jsonl: no such file. Check the path"),
    ],
)
def test_what_is_not_there_is_named_with_what_to_do(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    result = run(*words, BOT_INDEX=str(tmp_path))
    assert result.exit_code == 1
    assert told in result.output


def test_what_is_wrong_with_one_file_is_told_without_the_others_and_errors_without_warnings(tmp_path: Path) -> None:
    folder = tmp_path / "explainers"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(WRITTEN.format(name))
    whole = run("check", "--corpus", str(tmp_path)).stdout
    assert "one.md:" in whole
    assert "two.md:" in whole
    of_one = run("check", "--corpus", str(tmp_path), str(folder / "one.md"))
    assert of_one.exit_code == 1
    assert "one.md:" in of_one.stdout
    assert "two.md:" not in of_one.stdout
    errors = run("check", "--corpus", str(tmp_path), "--errors-only").stdout
    assert "error [" in errors
    assert "warning [" not in errors


def test_each_command_has_one_line_that_is_not_cut() -> None:
    groups = [[], *([name] for name, command in main.commands.items() if isinstance(command, Group))]
    for words in groups:
        printed = CliRunner().invoke(main, [*words, "--help"], terminal_width=80).output
        lines = printed.partition("Commands:\n")[2].splitlines()
        names = [line.split()[0] for line in lines]
        command = main.commands[words[0]] if words else main
        assert names == sorted(command.commands), words  # type: ignore[attr-defined]
        assert [line for line in lines if not line.endswith(".")] == []
        assert [line for line in lines if line.endswith("...")] == []
