"""What happens to an account on a bad day: a lost telephone, a stranger at the door, a colleague's open browser."""

from __future__ import annotations

import re

import pytest

from .desks import PASSWORD, Console, a_console
from .test_signing_in import turn_on_second_factor


@pytest.fixture
def here(database_url: str) -> Console:
    return a_console(database_url)


def sign_in(here: Console, code: str) -> int:
    sent = here.client().post("/staff/sign-in", page="/staff/sign-in", name="amir", password=PASSWORD, code=code)
    return sent.status_code


def codes_in(page: str) -> list[str]:
    return re.findall(r'<code class="big">([^<]+)</code>', page)


def test_a_recovery_code_stands_in_for_the_app_once(here: Console) -> None:
    browser = here.client("amir")
    turn_on_second_factor(browser, here)
    made = browser.post("/staff/account/recovery-codes", password=PASSWORD)
    codes = codes_in(made.text)
    assert len(set(codes)) == 8
    assert sign_in(here, codes[0].upper().replace("-", " ")) == 303
    assert sign_in(here, codes[0]) == 401
    assert "7 recovery codes are left" in browser.get("/staff/account").text


def test_new_codes_need_the_password_and_end_the_ones_before(here: Console) -> None:
    browser = here.client("amir")
    turn_on_second_factor(browser, here)
    before = codes_in(browser.post("/staff/account/recovery-codes", password=PASSWORD).text)
    assert codes_in(browser.post("/staff/account/recovery-codes", password="wrong").text) == []
    browser.post("/staff/account/recovery-codes", password=PASSWORD)
    assert sign_in(here, before[0]) == 401


def test_codes_go_with_the_second_factor(here: Console) -> None:
    browser = here.client("amir")
    turn_on_second_factor(browser, here)
    codes = codes_in(browser.post("/staff/account/recovery-codes", password=PASSWORD).text)
    browser.post("/staff/account/second-factor/drop", password=PASSWORD)
    assert browser.post("/staff/account/recovery-codes", password=PASSWORD).status_code == 404
    turn_on_second_factor(browser, here)
    assert sign_in(here, codes[0]) == 401


def test_the_last_sign_ins_are_shown_with_what_was_refused(here: Console) -> None:
    browser = here.client("amir")
    here.client().post("/staff/sign-in", page="/staff/sign-in", name="amir", password="wrong", code="")
    page = browser.get("/staff/account").text
    last = page[page.index("Last sign-ins") :]
    assert last.index("Refused") < last.index("Signed in")


def test_an_admin_ends_one_session_of_a_colleague_or_all(here: Console) -> None:
    amir, boss = here.client("amir"), here.client("ada", "admin")
    again = here.client()
    again.sign_in("amir")
    page = boss.get("/staff/people").text
    ends = re.findall(r'action="(/staff/people/amir/sessions/[^"]+/end)"', page)
    assert len(ends) == 2
    assert boss.post(ends[0]).status_code == 303
    assert sorted([amir.get("/staff/").status_code, again.get("/staff/").status_code]) == [200, 303]
    assert boss.post("/staff/people/amir/sign_out").status_code == 200
    assert [amir.get("/staff/").status_code, again.get("/staff/").status_code] == [303, 303]
    assert amir.post("/staff/people/ada/sign_out", page="/staff/sign-in").status_code == 401
    assert "account.sign_out" in boss.get("/staff/audit").text
