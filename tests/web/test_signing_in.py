"""Signing in to the console, and the ways around it that are tried."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask.sessions import SecureCookieSessionInterface

from bot.triage.people.attempts import FREE_TRIES
from bot.triage.people.sessions import Sessions

from .desks import PASSWORD, Browser, Console, a_console


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def words(text: str) -> str:
    """A page without its tokens."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def turn_on_second_factor(browser: Browser, here: Console) -> pyotp.TOTP:
    page = browser.get("/staff/account/second-factor").text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found
    totp = pyotp.TOTP(found[1].replace(" ", ""))
    code = totp.at(here.clock.now)
    sent = browser.post("/staff/account/second-factor", page="/staff/account/second-factor", code=code)
    assert sent.status_code == 200
    assert len(re.findall(r"<code class=\"big\">", sent.text)) == 8
    return totp


def test_a_new_account_must_choose_a_password_before_anything_else(here: Console) -> None:
    first = here.desk.accounts.add("Amir", "admin", by="tests")
    browser = here.client()
    assert browser.sign_in(" amir", first).status_code == 303
    sent = browser.get("/staff/people")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/staff/account")
    assert "Choose a password" in browser.get("/staff/account").text
    changed = browser.post("/staff/account/password", old=first, new=PASSWORD, again=PASSWORD)
    assert changed.status_code == 303
    assert browser.get("/staff/people").status_code == 200


@pytest.mark.parametrize(
    ("new", "again", "told"),
    [
        ("short", "short", "at least 12"),
        ("seven calm cranes", "seven calm cranez", "not the same"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "easy to guess"),
        ("i am amir of old", "i am amir of old", "easy to guess"),
        (PASSWORD, PASSWORD, "the password you have"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(here: Console, new: str, again: str, told: str) -> None:
    browser = here.client("amir")
    browser.post("/staff/account/password", old=PASSWORD, new=new, again=again)
    assert told in browser.get("/staff/account").text
    assert here.client().sign_in("amir").status_code == 303


def test_whatever_is_wrong_the_answer_is_the_same(here: Console) -> None:
    browser = here.client("amir")
    turn_on_second_factor(browser, here)
    here.add("bea")
    here.add("off")
    here.desk.accounts.disable("off", by="tests")
    tries = [("nobody", PASSWORD, ""), ("bea", "wrong", ""), ("off", PASSWORD, ""), ("amir", PASSWORD, "000000")]
    told = {words(here.client().sign_in(*one).text) for one in tries}
    assert len(told) == 1
    for _ in range(FREE_TRIES):
        here.client().sign_in("cleo", "wrong")
    locked, present = here.client().sign_in("cleo", "wrong"), here.client().sign_in("dan", "wrong")
    assert (locked.status_code, words(locked.text)) == (present.status_code, words(present.text))
    assert told == {words(locked.text)}


def test_after_some_failures_the_right_password_waits_too_and_each_wait_is_longer(here: Console) -> None:
    here.add("amir")
    for _ in range(FREE_TRIES):
        assert here.client().sign_in("amir", "wrong").status_code == 401
    assert here.client().sign_in("amir").status_code == 401
    here.clock.pass_by(seconds=31)
    assert here.client().sign_in("amir", "wrong").status_code == 401
    here.clock.pass_by(seconds=31)
    assert here.client().sign_in("amir").status_code == 401
    here.clock.pass_by(seconds=31)
    assert here.client().sign_in("amir").status_code == 303
    assert here.client().sign_in("amir", "wrong").status_code == 401
    assert here.client().sign_in("amir").status_code == 303


def test_a_second_factor_is_asked_for_and_a_code_works_once(here: Console) -> None:
    browser, other = here.client("amir"), here.client()
    assert other.sign_in("amir").status_code == 303
    totp = turn_on_second_factor(browser, here)
    assert other.get("/staff/account").status_code == 303
    assert here.client().sign_in("amir").status_code == 401
    assert here.client().sign_in("amir", code=totp.at(here.clock.now)).status_code == 401
    here.clock.pass_by(seconds=30)
    code = totp.at(here.clock.now)
    assert here.client().sign_in("amir", code=f"{code[:3]} {code[3:]}").status_code == 303
    assert here.client().sign_in("amir", code=code).status_code == 401
    here.clock.pass_by(minutes=5)
    assert here.client().sign_in("amir", code=totp.at(datetime(2020, 1, 1, tzinfo=UTC))).status_code == 401


def test_the_secret_of_a_second_factor_is_not_kept_as_it_is(here: Console, tmp_path: Path) -> None:
    totp = turn_on_second_factor(here.client("amir"), here)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert totp.secret.encode() not in kept
    assert PASSWORD.encode() not in kept


def test_a_second_factor_can_be_required_and_then_not_be_dropped(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3", second_factor_required=True)
    browser = here.client("ada", "admin")
    assert browser.get("/staff/people").headers["Location"] == "/staff/account"
    turn_on_second_factor(browser, here)
    assert browser.get("/staff/people").status_code == 200
    browser.post("/staff/account/second-factor/drop", password=PASSWORD)
    assert "On." in browser.get("/staff/account").text


def test_a_session_ends_when_unused_and_in_any_case_after_half_a_day(here: Console) -> None:
    idle, busy = here.client("amir"), here.client()
    busy.sign_in("amir")
    for _ in range(13):
        here.clock.pass_by(minutes=55)
        alive = busy.get("/staff/account").status_code
    assert alive == 200
    assert idle.get("/staff/account").status_code == 303
    here.clock.pass_by(minutes=6)
    assert busy.get("/staff/account").status_code == 303


def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(here: Console) -> None:
    browser = here.client("amir")
    kept = browser.client.get_cookie("staff", path="/staff")
    assert kept is not None
    browser.post("/staff/sign-out")
    thief = here.client()
    thief.client.set_cookie("staff", kept.value, path="/staff")
    assert thief.get("/staff/account").status_code == 303


def test_a_session_that_was_planted_before_signing_in_is_not_the_one_after(here: Console) -> None:
    here.add("amir")
    browser = here.client()
    planted = browser.token("/staff/sign-in")
    before = browser.client.get_cookie("staff", path="/staff")
    browser.sign_in("amir")
    after = browser.client.get_cookie("staff", path="/staff")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    attacker = here.client()
    attacker.client.set_cookie("staff", before.value, path="/staff")
    assert attacker.get("/staff/account").status_code == 303
    assert browser.client.post("/staff/sign-out", data={"csrf_token": planted}).status_code == 400


def test_a_cookie_that_somebody_signed_without_a_session_lets_nobody_in(here: Console) -> None:
    signer = SecureCookieSessionInterface().get_signing_serializer(here.app)
    assert signer is not None
    here.add("ada", "admin")
    (ada,) = here.desk.accounts.all()
    for claim in (ada.id, "ada", "1"):
        browser = here.client()
        browser.client.set_cookie("staff", signer.dumps({"_user_id": claim, "_fresh": True}), path="/staff")
        assert browser.get("/staff/people").status_code == 303


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/staff/", "//evil.example/staff/", "/\\evil.example", "\\\\evil.example", "/staff/../x",
        "javascript:alert(1)", "/staff/\n//evil.example", " //evil.example", "/other", "http:/staff/", "/staff//..//x",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(here: Console, onward: str) -> None:
    here.add("amir")
    assert here.client().sign_in("amir", next=onward).headers["Location"] == "/staff/"
    asked = here.client().get("/staff/sign-in", query_string={"next": onward})
    assert 'name="next" value="/staff/"' in asked.text


def test_signing_in_leads_back_to_where_one_was_going(here: Console) -> None:
    here.add("ada", "admin")
    browser = here.client()
    sent = browser.get("/staff/audit?account=ada").headers["Location"]
    assert browser.get(sent).status_code == 200
    assert browser.sign_in("ada", next="/staff/audit?account=ada").headers["Location"] == "/staff/audit?account=ada"


def test_the_cookie_is_for_the_console_alone_and_out_of_reach_of_scripts(here: Console) -> None:
    here.add("amir")
    cookie = here.client().sign_in("amir").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/staff", "SameSite=Lax"} <= set(cookie.split("; "))
    for path in ("/", "/topics"):
        assert "Set-Cookie" not in here.client().get(path).headers
        assert "Cookie" not in here.client().get(path).headers.get("Vary", "")


def test_nobody_ends_the_session_of_another(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea")
    found = re.search(r"sessions/([\w-]+)/end", amir.get("/staff/account").text)
    assert found is None
    second = here.client()
    second.sign_in("amir")
    found = re.search(r"sessions/([\w-]+)/end", second.get("/staff/account").text)
    assert found is not None
    assert bea.post(f"/staff/account/sessions/{found[1]}/end").status_code == 404
    assert amir.get("/staff/account").status_code == 200
    assert second.post(f"/staff/account/sessions/{found[1]}/end").status_code == 303
    assert amir.get("/staff/account").status_code == 303


def test_what_an_admin_does_takes_effect_at_once_and_the_last_admin_stays(here: Console) -> None:
    ada, amir = here.client("ada", "admin"), here.client("amir")
    ada.post("/staff/people/amir/role", role="editor")
    assert amir.get("/staff/account").status_code == 303
    amir.sign_in("amir")
    ada.post("/staff/people/amir/disable")
    assert amir.get("/staff/account").status_code == 303
    assert amir.sign_in("amir").status_code == 401
    refused = ada.post("/staff/people/ada/disable")
    assert (refused.status_code, "the last admin" in refused.text) == (422, True)
    reset = ada.post("/staff/people/amir/reset")
    password = re.search(r'<code class="big">([^<]+)</code>', reset.text)
    assert password is not None
    assert password[1] not in ada.get("/staff/people").text
    ada.post("/staff/people/amir/enable")
    assert here.client().sign_in("amir", password[1]).status_code == 303


def test_what_accounts_do_is_in_the_audit_log_without_what_they_typed(here: Console) -> None:
    ada = here.client("ada", "admin")
    here.client().sign_in("amir mistyped", "wrong secret")
    ada.post("/staff/people", name="bea", role="editor")
    page = ada.get("/staff/audit").text
    for said in ("session.begin", "session.refuse", "(nobody)", "account.add", "account.password"):
        assert said in page
    assert "mistyped" not in page
    assert "wrong secret" not in page
    only = ada.get("/staff/audit?account=ada").text
    assert "session.refuse" not in only


def test_who_signs_in_while_the_clock_jumps_is_asked_again_and_gets_no_error(
    here: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = here.client()
    first = here.desk.accounts.add("Ada", "admin", by="tests")
    begin = Sessions.begin

    def begin_and_jump(self: Sessions, *given: Any) -> str:
        token = begin(self, *given)
        here.clock.now += timedelta(days=400)
        return token

    monkeypatch.setattr(Sessions, "begin", begin_and_jump)
    assert browser.sign_in("ada", first).status_code == 303
    assert browser.get("/staff/people").headers["Location"].startswith("/staff/sign-in")
