"""What staff do to tickets can be taken back, and nobody in danger is put away unread."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.triage.curating.draft import Draft

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_queue import asked, field, listed, ticket_path


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def ticked(browser: Browser) -> list[str]:
    return re.findall(r'name="ticket" value="([^"]+)"', browser.get("/staff/").text)


def undo(browser: Browser, page: str) -> str:
    """Press the button of the page that takes back, and give the page that follows."""
    path = re.search(r'action="(/staff/undo/[^"]+)"', page)
    assert path is not None
    assert browser.post(path[1], back="/staff/").status_code == 303
    return browser.get("/staff/").text


@pytest.mark.parametrize("wish", ["resolve", "pending", "snooze:24"])
def test_what_is_urgent_is_not_put_away_unread_without_a_reason(here: Console, wish: str) -> None:
    asked(here, "I cannot breathe", "zebra?")
    amir = here.client("amir")
    refused = amir.post("/staff/queue", page="/staff/", ticket=ticked(amir), do=wish, query="")
    assert refused.status_code == 409
    assert "This ticket needs to be read first" in refused.text
    assert listed(amir.get("/staff/").text) == ["I cannot breathe"], "the others are done"
    version = re.findall(r'name="ticket" value="([^"]+)"', refused.text)
    sent = amir.post("/staff/queue", page="/staff/", ticket=version, do=wish, because="Rang them", query="")
    assert sent.status_code == 303
    assert listed(amir.get("/staff/").text) == []


def test_who_asked_for_a_person_is_not_put_away_unread_and_why_stands_in_the_activity(here: Console) -> None:
    family = here.app.test_client()
    answer = chat(family, "What is a digital twin?").json
    family.post("/api/v1/handoff", json={"turn_id": answer["turn_id"]})
    amir, boss = here.client("amir"), here.client("ada", "admin")
    path, boxes = ticket_path(amir), ticked(amir)
    assert amir.post("/staff/queue", page="/staff/", ticket=boxes, do="resolve", query="").status_code == 409
    amir.post("/staff/queue", page="/staff/", ticket=boxes, do="resolve", because="Asked twice by mistake", query="")
    assert "Asked twice by mistake" in amir.get(path).text
    assert "Asked twice" not in boss.get("/staff/audit").text, "the log outlives what families wrote"


def test_who_opened_it_may_resolve_it_and_take_that_back(here: Console) -> None:
    asked(here, "I cannot breathe")
    amir = here.client("amir")
    path = ticket_path(amir)
    amir.post(path, do="resolve", version=field(amir.get(path).text, "version"))
    page = amir.get(path).text
    assert "Resolved." in page
    assert listed(undo(amir, page)) == ["I cannot breathe"]


@pytest.mark.parametrize("wish", ["resolve", "pending", "snooze:24", "take", "priority:urgent", "label:sport"])
def test_whatever_is_done_to_many_is_taken_back_with_one_button(here: Console, wish: str) -> None:
    asked(here, "one?", "two?")
    amir = here.client("amir")
    before = here.desk.queue.some([box.split("~")[0] for box in ticked(amir)])
    amir.post("/staff/queue", page="/staff/", ticket=ticked(amir), do=wish, query="")
    changed = here.desk.queue.some([row.id for row in before])
    assert all(
        (one.status, one.assignee, one.priority, one.labels) != (was.status, was.assignee, was.priority, was.labels)
        for one, was in zip(sorted(changed, key=_id), sorted(before, key=_id), strict=True)
    )
    page = undo(amir, amir.get("/staff/").text)
    assert "Taken back for 2 tickets." in page
    for now, was in zip(
        sorted(here.desk.queue.some([row.id for row in before]), key=_id), sorted(before, key=_id), strict=True
    ):
        assert (now.status, now.assignee, now.priority, now.due_at, now.labels, now.snoozed_until) == (
            was.status, was.assignee, was.priority, was.due_at, was.labels, was.snoozed_until,
        )  # fmt: skip


def _id(row: object) -> str:
    return str(getattr(row, "id"))  # noqa: B009


def test_what_a_colleague_did_since_is_not_taken_back_nor_is_it_anybody_elses_to_take_back(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    amir.post("/staff/queue", page="/staff/", ticket=ticked(amir), do="pending", query="")
    page = amir.get("/staff/").text
    button = re.search(r'action="(/staff/undo/[^"]+)"', page)
    assert button is not None
    bea.post(button[1], back="/staff/")
    assert "too long ago" in bea.get("/staff/").text
    bea.post(path, do="take", version=field(bea.get(path).text, "version"))
    assert "bea was faster" in undo(amir, page)
    assert listed(bea.get("/staff/?status=pending").text) == ["zebra?"]


def test_a_label_or_a_priority_of_a_colleague_refuses_nobody_else(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    version = field(amir.get(path).text, "version")
    assert bea.post(path, do="label:sport", version=version).status_code == 303
    assert bea.post(path, do="priority:high", version=version).status_code == 303
    sent = amir.post(f"{path}/replies", text="Hello.", signed="Sam", to="all", do="resolve", version=version)
    assert sent.status_code == 303
    assert "sport" in amir.get(path).text


def test_all_that_is_done_to_a_ticket_is_in_the_audit_log(here: Console) -> None:
    asked(here, "zebra?")
    amir, boss = here.client("amir"), here.client("ada", "admin")
    path = ticket_path(amir)
    for wish in ("take", "priority:high", "label:sport", "unlabel:sport", "pending", "resolve", "open"):
        amir.post(path, do=wish, version=field(amir.get(path).text, "version"))
    log = boss.get("/staff/audit").text
    for found in ("ticket.assignee", "ticket.priority", "ticket.label", "ticket.status", "pending", "resolved", "high"):
        assert found in log


def test_the_same_priority_again_and_a_higher_one_never_make_it_due_later(here: Console) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path, ticket_id = ticket_path(amir), ticket_path(amir).rsplit("/", 1)[-1]
    for wish in ("priority:high", "priority:high", "priority:urgent", "priority:urgent"):
        (before,) = here.desk.queue.some([ticket_id])
        amir.post(path, do=wish, version=field(amir.get(path).text, "version"))
        (after,) = here.desk.queue.some([ticket_id])
        assert after.due_at <= before.due_at


def test_what_cannot_be_taken_back_is_asked_for_once_more(here: Console) -> None:
    boss = here.client("boss-of-all", "admin")
    here.add("ines")
    form = {"name": "Sunflower", "country": "GB", "languages": "en", "client_per_minute": 1, "site_per_minute": 1}
    assert boss.post("/staff/sites", page="/staff/sites/new", **form).status_code == 200
    boss.post("/staff/canned", title="Ring", text="Please ring us.")
    (site,) = here.desk.sites.snapshot().sites
    by = next(one for one in here.desk.accounts.all() if one.name == "ines")
    answer = here.desk.curating.begin(Draft(("Do zebras sleep?",), "They do.", "Sam"), by=by)
    hook, _ = here.desk.webhooks.add("https://hook.example/", ["ticket.urgent"], with_words=False, by=by)
    grave = re.compile(r'action="[^"]+/(?:reset|disable|rotate|rotate_at_once|remove|retire|drop|discard)"')
    found = 0
    for path in ("people", f"sites/{site}", f"curated/{answer}", f"webhooks/{hook}", "canned"):
        page = boss.get(f"/staff/{path}").text
        asked = re.sub(r'<details class="sure">.*?</details>', "", page, flags=re.DOTALL)
        found += len(grave.findall(page))
        assert grave.findall(asked) == [], path
    assert found >= 9
