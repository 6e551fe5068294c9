"""What can be set or typed is documented, and the decisions are written down in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from bot import cli
from bot.settings import Settings
from tests.structure.test_requirements import declared
from tests.structure.tree import TOP

DOCS = TOP / "docs"
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))
RUNBOOKS = sorted((DOCS / "runbooks").glob("*.md"))
SHORT = [
    "requirements.in",
    "requirements-dev.in",
    "requirements-bench.in",
    "requirements-cluster.in",
    "requirements-s3.in",
]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


def root_command() -> click.Group:
    (group,) = {id(value): value for value in vars(cli).values() if isinstance(value, click.Group)}.values()
    return group


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it, groups' own commands included."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name)), command


COMMANDS = dict(commands(root_command()))


def shown(default: object) -> str:
    """A default as the table of settings shows it."""
    if isinstance(default, bool):
        return str(default).lower()
    return str(default)


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default_and_its_help(setting: object) -> None:
    name, help_text = setting.metadata["name"], setting.metadata["help"]  # type: ignore[attr-defined]
    default = shown(setting.default)  # type: ignore[attr-defined]
    rows = [line for line in (DOCS / "settings.md").read_text(encoding="utf-8").splitlines() if f"| `{name}` |" in line]
    assert rows == [f"| `{name}` | {f'`{default}`' if default else ''} | {help_text} |".replace("|  |", "| |")]


def test_no_setting_is_documented_that_is_not_there() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(BOT_[A-Z_]+)`", text))
    assert documented - {setting.metadata["name"] for setting in fields(Settings)} == set()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_every_option_has_help(words: str) -> None:
    command = COMMANDS[words]
    assert command.help
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_is_documented_with_all_its_options(words: str) -> None:
    sections = re.split(r"^## ", (DOCS / "commands.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (section,) = [one for one in sections if re.match(rf"`python -m bot {words}[ `]", one)]
    options = [word for option in COMMANDS[words].params if isinstance(option, click.Option) for word in option.opts]
    assert [word for word in options if word.startswith("--") and f"`{word}" not in section] == []


def test_no_command_is_documented_that_is_not_there() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^## `python -m bot ([a-z -]*?)(?: [A-Z\[\"-].*)?`", text, flags=re.MULTILINE))
    assert documented == set(COMMANDS)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_all_its_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert headings == ["Context", "Decision", "Status", "Consequences", "Choices not taken"]
    assert re.match(r"# \d{4} .+\n\nDate: \d{4}-\d{2}-\d{2}\n", text)


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert all(path.read_text(encoding="utf-8").startswith(f"# {path.name[:4]} ") for path in DECISIONS)


@pytest.mark.parametrize("short", SHORT)
def test_every_package_we_chose_has_a_line_that_says_why(short: str) -> None:
    text = (DOCS / "adr" / "0007-dependencies.md").read_text(encoding="utf-8").lower()
    assert {package for package in declared(short) if f"| {package} |" not in text} == set()


def test_no_package_has_a_line_that_we_do_not_have() -> None:
    text = (DOCS / "adr" / "0007-dependencies.md").read_text(encoding="utf-8")
    lists = text.split("### How gunicorn is set")[0].lower()
    told = set(re.findall(r"^\| ([a-z0-9-]+) \|", lists, flags=re.MULTILINE)) - {"package"}
    assert told - set().union(*map(declared, SHORT)) == set()


@pytest.mark.parametrize("path", sorted(TOP.glob("*.md")) + sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_there_is_a_runbook_for_each_bad_day() -> None:
    names = {path.stem for path in RUNBOOKS}
    assert {"turn-it-off", "withdraw-a-source", "rebuild-or-roll-back", "damaged-build"} <= names


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## Unreleased" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
