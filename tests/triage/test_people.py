"""Accounts, tries and the audit log on both databases, and many at once."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.cli import main
from bot.errors import StaffError
from bot.storage.audit import AuditLog, Wanted
from bot.storage.connections import Database
from bot.triage.people.accounts import AccountStore
from bot.triage.people.attempts import FREE_TRIES, Attempts, wait_s
from bot.triage.people.hashing import HashingBusy
from bot.triage.people.passwords import fault_of
from bot.triage.people.secondfactor import SecondFactor
from bot.triage.people.secretkey import kept_secret
from bot.triage.people.signing import SignIn


def test_names_that_look_the_same_are_one_account(database: Database) -> None:
    accounts = AccountStore(database)
    accounts.add("Amir", "agent", by="tests")
    for same in ("amir", "AMIR", "Ａmir"):
        with pytest.raises(StaffError, match="taken"):
            accounts.add(same, "agent", by="tests")
    with pytest.raises(StaffError, match="can be used"):
        accounts.add("<b>", "agent", by="tests")


def test_two_last_admins_cannot_disable_each_other_at_once(database: Database) -> None:
    accounts = AccountStore(database)
    names = ("ada", "bea")
    for name in names:
        accounts.add(name, "admin", by="tests")

    def disable(name: str) -> bool:
        try:
            accounts.disable(name, by="tests")
        except StaffError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(disable, names)) == [False, True]
    assert [one.disabled for one in accounts.all()].count(False) == 1


def test_of_many_guesses_at_once_only_the_free_ones_count(database: Database) -> None:
    attempts = Attempts(database, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: attempts.take("amir"), range(40)))
    assert taken.count(True) == FREE_TRIES


def test_waits_double_and_are_bounded() -> None:
    assert [wait_s(failures) for failures in range(1, 12)] == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]
    assert wait_s(5000) == 900


def test_of_two_sign_ins_with_one_code_one_gets_in(database: Database) -> None:
    import pyotp

    now = datetime(2026, 11, 1, 12, 0, 15, tzinfo=UTC)
    accounts, signing = AccountStore(database), SignIn(database, SecondFactor(["k" * 32], "Test"), now=lambda: now)
    password = accounts.add("amir", "agent", by="tests")
    token = signing.sign_in("amir", password, "", browser="")
    assert token is not None
    who = signing.sessions.find(token)
    assert who is not None
    totp = pyotp.TOTP(pyotp.random_base32())
    assert signing.set_second_factor(who, totp.secret, totp.at(now - timedelta(seconds=30))) is None
    with ThreadPoolExecutor(2) as pool:
        tokens = list(pool.map(lambda _: signing.sign_in("amir", password, totp.at(now), browser=""), range(2)))
    assert len(list(filter(None, tokens))) == 1


def test_of_many_who_sign_in_at_once_few_are_looked_at_and_the_rest_is_told_so(database: Database) -> None:
    accounts, signing = AccountStore(database), SignIn(database, SecondFactor(["k" * 32], "Test"))
    password, together = accounts.add("amir", "agent", by="tests"), threading.Barrier(12)

    def one(_: int) -> str:
        together.wait()
        try:
            return "in" if signing.sign_in("amir", password, "", browser="") else "refused"
        except HashingBusy:
            return "busy"

    with ThreadPoolExecutor(12) as pool:
        told = Counter(pool.map(one, range(12)))
    assert told["busy"] >= 1
    assert told["in"] >= 1
    assert signing.sign_in("amir", password, "", browser="") is not None


def test_refusals_are_written_down_as_counts(database: Database) -> None:
    accounts, signing = AccountStore(database), SignIn(database, SecondFactor(["k" * 32], "Test"))
    accounts.add("amir", "agent", by="tests")
    for name in ("amir", "amir", "nobody", "someone", "anyone"):
        assert signing.sign_in(name, "wrong", "", browser="") is None
    signing.refusals.write_down()
    signing.refusals.write_down()
    entries = AuditLog(database).entries(Wanted(action="session.refuse"))
    assert [(entry.account_name, entry.detail) for entry in reversed(entries)] == [
        ("amir", ""), ("(nobody)", ""), ("amir", "1 more within a minute"), ("(nobody)", "2 more within a minute"),
    ]  # fmt: skip


def test_the_audit_log_cannot_be_changed_by_the_database_either(database: Database) -> None:
    log = AuditLog(database)
    log.add("ada", "thing.done", object="x")
    for statement in ("UPDATE audit SET account_name = 'bea'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="only ever added to"), database._engine().connect() as connection:
            connection.execute(text(statement))
    assert [(entry.account_name, entry.object) for entry in log.entries()] == [("ada", "x")]


def test_all_workers_share_one_secret(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: kept_secret(database), range(8)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 32


def test_accounts_are_managed_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.sqlite3")

    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["staff", *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    first = json.loads(run("add", "ada", "--role", "admin", "--json"))
    assert first["name"] == "ada"
    assert len(first["password"]) == 23
    run("add", "bea")
    run("disable", "bea")
    people = json.loads(run("list", "--json"))
    assert [(one["name"], one["role"], one["disabled"]) for one in people] == [
        ("ada", "admin", False),
        ("bea", "agent", True),
    ]
    assert "bea  agent  disabled" in run("list")
    run("disable", "bea", "--undo")
    again = run("reset", "ada").strip()
    assert again not in {"", first["password"]}
    signing = SignIn(Database(f"sqlite:///{tmp_path}/bot.sqlite3"), SecondFactor(["k" * 32], "Test"))
    assert signing.sign_in("ada", first["password"], "", browser="") is None
    assert signing.sign_in("ada", again, "", browser="") is not None
    refused = CliRunner().invoke(main, ["staff", "disable", "ada"])
    assert (refused.exit_code, "the last admin" in refused.output) == (1, True)
    assert CliRunner().invoke(main, ["staff", "add", "x", "--role", "boss"]).exit_code == 2


@pytest.mark.parametrize(
    "typed",
    [
        "password1234",
        "P@ssw0rd!2026",
        "qwertyuiop12",
        "123456789012",
        "abcabcabcabc",
        "Welcome2026!!",
        "letmein letmein",
    ],
)
def test_a_password_that_others_try_first_is_refused(typed: str) -> None:
    assert fault_of(typed, "amir") is not None


@pytest.mark.parametrize(
    "typed", ["seven calm herons", "tulip forty grey spoon", "k7-93-x2-55-q1", "grandmother likes tests"]
)
def test_a_password_of_ones_own_is_taken(typed: str) -> None:
    assert fault_of(typed, "amir") is None
