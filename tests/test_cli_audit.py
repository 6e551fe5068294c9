"""Every command that changes something says in the audit log who changed what."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest
from click.testing import Result

from bot.cli import main
from bot.storage.audit import AuditLog, AuditRecord
from bot.storage.connections import Database
from tests.test_cli_sites import Desk

ME = f"(command line: {pwd.getpwuid(os.getuid()).pw_name})"
# The words of a command, with SITE for the id of a site -> what is written down.
CHANGES = {
    "close": ("chat.close", ""),
    "open": ("chat.open", ""),
    "site enable SITE": ("site.enable", "SITE"),
    "site disable SITE": ("site.disable", "SITE"),
    "site rotate SITE": ("site.rotate", "SITE"),
    "site rotate SITE --at-once": ("site.rotate_at_once", "SITE"),
    "site edit SITE --name Renamed": ("site.change", "SITE"),
    "site add --name Another": ("site.add", None),
    "staff add bea": ("account.add", "bea"),
    "staff disable amir": ("account.disable", "amir"),
    "staff disable amir --undo": ("account.enable", "amir"),
    "staff role amir editor": ("account.role", "amir"),
    "staff reset amir": ("account.reset", "amir"),
    "staff reseal": ("secrets.reseal", ""),
    "purge": ("turns.purge", ""),
}  # fmt: skip
READERS = {"site list", "site show", "site numbers", "staff list"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.run("staff", "add", "amir")
    return made


def entries(desk: Desk) -> list[AuditRecord]:
    return list(AuditLog(Database(desk.url)).entries())


@pytest.mark.parametrize("words", CHANGES)
def test_a_command_leaves_one_entry_with_who_typed_it(desk: Desk, words: str) -> None:
    site = desk.data("site", "add", "--name", "Partner")["id"]
    before = len(entries(desk))
    result = desk.run(*(site if word == "SITE" else word for word in words.split()), LOGNAME="somebody-else")
    assert result.exit_code == 0, result.output
    newest, *older = entries(desk)
    action, changed = CHANGES[words]
    assert (newest.account_name, newest.action) == (ME, action)
    assert changed is None or newest.object == changed.replace("SITE", site)
    assert len(older) == before


def test_no_command_of_sites_and_accounts_is_forgotten_here() -> None:
    groups = {name: main.commands[name].commands for name in ("site", "staff")}  # type: ignore[attr-defined]
    known = {" ".join(words.split()[:2]) for words in CHANGES}
    assert {f"{group} {name}" for group, names in groups.items() for name in names} - READERS <= known


def test_what_changed_and_why_is_said_without_its_words(desk: Desk) -> None:
    site = desk.data("site", "add", "--name", "Partner")["id"]
    desk.run("site", "edit", site, "--greeting", "Hello there", "--country", "US")
    desk.run("close", "--reason", "  a wrong answer ")
    assert [entry.detail for entry in entries(desk)[:2]] == ["a wrong answer", "country, greeting"]


def test_a_command_that_is_refused_leaves_nothing(desk: Desk) -> None:
    before = entries(desk)
    refused: list[Result] = [desk.run("site", what, "site_none") for what in ("enable", "disable", "rotate", "edit")]
    # "edit" without a change is a slip of whoever types, and is told first.
    assert [result.exit_code for result in refused] == [1, 1, 1, 2]
    assert entries(desk) == before


def test_a_user_without_a_name_is_a_number_and_a_long_name_is_cut(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.storage.audit import command_line

    assert len(command_line("x" * 200)) == 64

    def nameless(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr("pwd.getpwuid", nameless)
    desk.run("close")
    assert entries(desk)[0].account_name == f"(command line: user {os.getuid()})"
