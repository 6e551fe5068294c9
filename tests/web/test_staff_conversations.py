"""Why an answer came about, and what would be answered now, as staff see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_queue import ticket_path


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def turn_path(browser: Browser) -> str:
    found = re.search(r'href="(/staff/turns/[^"#]+)"', browser.get(ticket_path(browser)).text)
    assert found is not None
    return found[1]


def test_the_conversation_is_shown_as_the_family_saw_it_without_personal_details(here: Console) -> None:
    family = here.app.test_client()
    first = chat(family, "zebra stripes for Ada?").json
    chat(family, "What is a digital twin?", conversation_id=first["conversation_id"])
    amir = here.client("amir")
    page = amir.get(turn_path(amir)).text
    assert "zebra stripes for [name]?" in page
    assert "Ada" not in page
    assert page.index("zebra stripes") < page.index("What is a digital twin?")


def test_asking_again_shows_then_and_now_and_keeps_and_counts_nothing(here: Console) -> None:
    chat(here.app.test_client(), "zebra?")
    amir = here.client("amir")
    path = turn_path(amir)
    before = here.app.test_client().get("/metrics").text
    page = amir.post(f"{path}/again")
    assert page.status_code == 200
    assert page.text.index("<h2>Then</h2>") < page.text.index("<h2>Now</h2>")
    assert "1 ticket" in amir.get("/staff/").text
    answers = [line for line in before.splitlines() if "answers_total" in line]
    after = here.app.test_client().get("/metrics").text
    assert [line for line in after.splitlines() if "answers_total" in line] == answers


def test_a_turn_that_is_gone_or_of_nobody_is_not_found(here: Console) -> None:
    family = here.app.test_client()
    answer = chat(family, "zebra?").json
    amir = here.client("amir")
    path = turn_path(amir)
    family.delete(f"/api/v1/conversations/{answer['conversation_id']}")
    assert amir.get(path).status_code == 404
    assert amir.post(f"{path}/again").status_code == 404
    assert amir.get("/staff/turns/nothing").status_code == 404
