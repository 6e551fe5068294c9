"""Tickets that hold different needs are split, and those that hold the same are merged; families are counted, not
questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_queue import asked, field, listed, ticket_path


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def turns_of(page: str) -> list[str]:
    return re.findall(r'name="turn" value="([^"]+)"', page)


def test_one_family_that_asks_three_times_is_one_family(here: Console) -> None:
    family = here.app.test_client()
    first = chat(family, "zebra?").json
    for number in range(2):
        chat(family, f"zebra {number}?", conversation_id=first["conversation_id"])
    amir = here.client("amir")
    assert '<span class="count">1</span>' in amir.get("/staff/").text
    assert "1 family" in amir.get(ticket_path(amir)).text
    assert "low" in amir.get("/staff/").text, "three questions of one family are no three families"
    gaps = amir.get("/staff/gaps").text
    assert re.search(r'class="number">1</td>', gaps)
    asked(here, "zebra too?")
    assert '<span class="count">2</span>' in amir.get("/staff/").text


def test_questions_that_ask_something_else_are_split_off_and_a_reply_no_longer_goes_to_both(here: Console) -> None:
    asked(here, "fly with Rett?", "fly with a feeding tube?")
    amir, boss = here.client("amir"), here.client("ada", "admin")
    path = ticket_path(amir)
    page = amir.get(path).text
    split = amir.post(f"{path}/split", turn=turns_of(page)[1], version=field(page, "version"))
    assert split.status_code == 303
    assert sorted(listed(amir.get("/staff/").text)) == ["fly with Rett?", "fly with a feeding tube?"]
    new = split.headers["Location"]
    version = field(amir.get(new).text, "version")
    sent = amir.post(f"{new}/replies", text="Take the letter.", signed="Sam", to="all", do="resolve", version=version)
    assert sent.status_code == 303, "one family, so nothing is asked"
    assert listed(amir.get("/staff/").text) == ["fly with Rett?"]
    assert "Take the letter." not in amir.get(path).text
    assert "ticket.split" in boss.get("/staff/audit").text


@pytest.mark.parametrize("ticked", [0, 2])
def test_some_must_leave_and_some_must_stay(here: Console, ticked: int) -> None:
    asked(here, "fly with Rett?", "fly with a tube?")
    amir = here.client("amir")
    path = ticket_path(amir)
    page = amir.get(path).text
    refused = amir.post(f"{path}/split", turn=turns_of(page)[:ticked], version=field(page, "version"))
    assert refused.status_code == 422
    assert "leave at least one" in refused.text


def test_tickets_of_the_same_are_merged_with_their_notes_and_labels(here: Console) -> None:
    asked(here, "fly with Rett?", "flying with Rett?")
    amir, boss = here.client("amir"), here.client("ada", "admin")
    paths = re.findall(r'<td class="asked"><a href="([^"]+)"', amir.get("/staff/").text)
    amir.post(f"{paths[0]}/notes", note="Ask the airline.", version=1)
    amir.post(paths[0], do="label:travel", version=1)
    merged = amir.post(f"{paths[0]}/merge", into=f"http://localhost{paths[1]}", version=1)
    assert merged.headers["Location"] == paths[1]
    page = amir.get(paths[1]).text
    assert "2 families" in page
    assert "Ask the airline." in page
    assert "travel" in page
    assert amir.get(paths[0]).status_code == 404
    assert len(listed(amir.get("/staff/").text)) == 1
    assert "ticket.merge" in boss.get("/staff/audit").text


def test_a_ticket_that_takes_a_more_urgent_one_in_is_due_as_soon(here: Console) -> None:
    asked(here, "fly with Rett?", "flying with Rett?")
    amir = here.client("amir")
    paths = re.findall(r'<td class="asked"><a href="([^"]+)"', amir.get("/staff/").text)
    amir.post(paths[0], do="priority:urgent", version=1)
    urgent, low = (here.desk.queue.some([path.rsplit("/", 1)[1]])[0] for path in paths)
    assert urgent.due_at < low.due_at
    version = field(amir.get(paths[0]).text, "version")
    amir.post(f"{paths[0]}/merge", into=f"http://localhost{paths[1]}", version=version)
    [merged] = here.desk.queue.some([low.id])
    assert (merged.priority, merged.due_at) == (urgent.priority, urgent.due_at)


def test_a_merge_into_nothing_or_itself_or_over_somebody_elses_change_is_refused(here: Console) -> None:
    asked(here, "one?", "two?")
    amir, bea = here.client("amir"), here.client("bea")
    paths = re.findall(r'<td class="asked"><a href="([^"]+)"', amir.get("/staff/").text)
    for into in ("", "nothing", paths[0]):
        assert amir.post(f"{paths[0]}/merge", into=into, version=1).status_code == 422
    bea.post(paths[0], do="take", version=1)
    assert amir.post(f"{paths[0]}/merge", into=paths[1], version=1).status_code == 409
    assert len(listed(amir.get("/staff/").text)) == 2


def test_what_comes_after_a_split_joins_what_it_is_like(here: Console) -> None:
    asked(here, "zebra fly?", "zebra tube?")
    amir = here.client("amir")
    path = ticket_path(amir)
    page = amir.get(path).text
    amir.post(f"{path}/split", turn=turns_of(page)[1], version=field(page, "version"))
    asked(here, "zebra again?")
    counts = re.findall(r'<span class="count">(\d)</span>', amir.get("/staff/").text)
    assert sorted(counts) == ["1", "2"], "it joins one of them, and neither is lost"


def searched(browser: Browser, query: str) -> list[str]:
    return listed(browser.get(f"/staff/?{query}").text)


def test_a_search_looks_in_every_ticket_unless_it_says_where(here: Console) -> None:
    asked(here, "zebra one?", "lion two?")
    amir = here.client("amir")
    path = ticket_path(amir)
    amir.post(path, do="pending", version=1)
    (found,) = {"zebra one?", "lion two?"} - set(listed(amir.get("/staff/").text))
    word = found.split()[0]
    assert searched(amir, f"words={word}") == [found]
    assert searched(amir, f"like={word}") == [found]
    assert searched(amir, f"words={word}&status=open") == []
    page = amir.get(f"/staff/?words={word}&status=open").text
    assert "No open tickets match." in page
    assert "Look in all" in page


def test_a_page_past_the_end_is_the_last_one(here: Console) -> None:
    asked(here, *(f"word{number} or not?" for number in range(3)))
    amir = here.client("amir")
    page = amir.get("/staff/?page=2").text
    assert len(listed(page)) == 3
    assert "Nothing waits" not in page


def test_safety_says_which_of_its_groups_it_shows_and_shows_the_others(here: Console) -> None:
    amir = here.client("amir")
    page = amir.get("/staff/safety").text
    told = re.search(r"1 to 60 of (\d+) groups", page)
    assert told is not None
    assert page.count("Next page") == 1
    last = amir.get(f"/staff/safety?start={int(told[1]) - 1}").text
    assert f"{told[1]} to {told[1]} of {told[1]} groups" in last
    assert "Next page" not in last
