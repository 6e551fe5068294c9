"""The queue is found one's way in: views with counts, columns that sort, one box, and what is not for us."""

from __future__ import annotations

import re

import pytest

from bot.triage.tickets.filtering import SORTS, Filter
from bot.triage.tickets.rules import NOISE

from .desks import Browser, Console, a_console
from .test_staff_queue import asked, listed


@pytest.fixture
def here(database_url: str) -> Console:
    return a_console(database_url)


def counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'<a href="/staff/[^"]*"[^>]*>(\w+) <span class="many[^"]*">(\d+)</span>', page))


def ids(here: Console) -> list[str]:
    return [row.id for row in here.desk.queue.page(Filter(status="any", sort="age")).rows]


def change(browser: Browser, ticket_id: str, do: str, **fields: object) -> int:
    page = browser.get(f"/staff/tickets/{ticket_id}").text
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    return browser.post(f"/staff/tickets/{ticket_id}", do=do, version=version, **fields).status_code


def test_each_view_says_how_many_it_has(here: Console) -> None:
    asked(here, "I cannot breathe", "zebra?", "walrus?", "lion?")
    amir = here.client("amir")
    _, zebra, walrus, _ = ids(here)
    change(amir, zebra, "take")
    change(amir, walrus, "pending")
    found = counts(amir.get("/staff/").text)
    assert found == {"Open": "3", "Urgent": "1", "Mine": "1", "Unassigned": "2", "Pending": "1", "Snoozed": "0"}
    amir.post("/staff/views", name="Waits", query="status=pending&assignee=none")
    assert counts(amir.get("/staff/").text)["Waits"] == "1"


@pytest.mark.parametrize("sort", SORTS)
def test_rows_are_sorted_both_ways_by_each_column(here: Console, sort: str) -> None:
    asked(here, "zebra?", "walrus?", "walrus tusks?", "lion?")
    amir = here.client("amir")
    there, back = (listed(amir.get(f"/staff/?sort={sort}{way}").text) for way in ("", "&way=back"))
    assert len(there) == 3
    assert back == there[::-1]


def test_the_next_and_the_previous_follow_the_order_that_was_chosen(here: Console) -> None:
    asked(here, "zebra?", "walrus?", "lion?")
    for sort in SORTS:
        for backward in (False, True):
            wanted = Filter(sort=sort, backward=backward)
            rows = [row.id for row in here.desk.queue.page(wanted).rows]
            walked = [here.desk.queue.beside(wanted, ticket_id) for ticket_id in rows]
            assert [one.next for one in walked] == [*rows[1:], None], wanted
            assert [one.previous for one in walked] == [None, *rows[:-1]], wanted


def test_one_box_finds_words_and_meaning_in_every_status(here: Console) -> None:
    asked(here, "zebra stripes?", "walrus and stripes?", "lion?")
    amir = here.client("amir")
    change(amir, ids(here)[1], "resolve")
    assert listed(amir.get("/staff/?q=stripes").text) == ["walrus and stripes?", "zebra stripes?"]
    assert listed(amir.get("/staff/?q=zebra+foals").text) == ["zebra stripes?"], "it means the same"
    assert listed(amir.get("/staff/?q=giraffe").text) == []
    amir.post("/staff/views", name="Mine", query="q=stripes&sort=due")
    assert "q=stripes" not in amir.get("/staff/").text, "words looked for are never kept"


def test_what_is_not_for_us_is_neither_ticket_nor_gap_and_stays_away_when_asked_again(here: Console) -> None:
    asked(here, "asdfgh jkl", "zebra?")
    amir = here.client("amir")
    noise = ids(here)[0]
    assert change(amir, noise, "noise") == 303
    asked(here, "asdfgh again")
    assert listed(amir.get("/staff/").text) == ["zebra?"]
    assert [gap.ticket_id for gap in here.desk.gaps.of(4)] == [ids(here)[1]]
    (row,) = here.desk.queue.some([noise])
    assert (row.status, row.labels, row.families) == ("resolved", (NOISE,), 2)


def test_a_ticket_is_put_off_to_the_morning_of_a_day_of_ones_own(here: Console) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    (ticket_id,) = ids(here)
    assert change(amir, ticket_id, "snooze:until", until="2001-01-01") == 422
    assert change(amir, ticket_id, "snooze:until", until="soon") == 422
    day = f"{here.clock.now.year + 1}-{here.clock.now.month:02}-01"
    assert change(amir, ticket_id, "snooze:until", until=day, ahead_min=120) == 303
    (row,) = here.desk.queue.some([ticket_id])
    assert row.snoozed_until is not None
    assert row.snoozed_until.isoformat() == f"{day}T06:00:00+00:00"


def test_who_looks_at_a_ticket_is_named_in_the_queue(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    (ticket_id,) = ids(here)
    amir.post(f"/staff/tickets/{ticket_id}/here", typing="no")
    assert "amir is looking at this" in bea.get("/staff/").text
    assert bea.get("/staff/queue/tick").json["looking"] == {ticket_id: "amir is looking at this"}
    assert "is looking at this" not in amir.get("/staff/").text
