"""A ticket is a thread: what was asked, said, replied and noted in one row, and the next one after it is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.triage.tickets.filtering import Filter

from .desks import Console, a_console
from .factories import chat
from .test_staff_queue import asked, field, listed, ticket_path


@pytest.fixture
def here(database_url: str) -> Console:
    return a_console(database_url)


def at_once(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def test_what_was_asked_said_replied_and_noted_stands_in_the_order_in_which_it_happened(here: Console) -> None:
    family = here.app.test_client()
    answer = chat(family, "What is a digital twin?").json
    family.post("/api/v1/feedback", json={"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"],
                                          "verdict": "down", "comment": "Too long"})  # fmt: skip
    amir = here.client("amir")
    path = ticket_path(amir)
    amir.post(f"{path}/notes", note="Asked Sam about it")
    amir.post(f"{path}/replies", text="It is a model.", signed="Sam", to="all", do="send", version=1)
    page = amir.get(path).text
    said = ["What is a digital twin?", "A digital twin in medicine", "it did not help", "Too long",
            "Asked Sam about it", "It is a model."]  # fmt: skip
    places = [page.index(words, page.index("timeline")) for words in said]
    assert places == sorted(places)
    assert page.count("It is a model.") == 1


def test_of_several_families_each_entry_says_whose_it_is(here: Console) -> None:
    asked(here, "zebra stripes?", "zebra foals?")
    amir = here.client("amir")
    path = ticket_path(amir)
    page = amir.get(path).text
    assert page.index("Family 1") < page.index('asked-question">zebra stripes?') < page.index("Family 2")
    (_, second) = re.findall(r'<option value="([^"]+)">only Family', page)
    amir.post(f"{path}/replies", text="Foals are striped.", signed="Sam", to=second, do="send", version=1)
    assert "to Family 2, seen by 0" in amir.get(path).text


def test_who_is_in_danger_is_shown_with_whom_they_were_told_to_call(here: Console) -> None:
    asked(here, "I cannot breathe")
    amir = here.client("amir")
    page = amir.get(ticket_path(amir)).text
    assert "They were told to call: Call 911" in page
    assert "They left no way to reach them" in page
    assert "urgent-ticket.md" in page


@pytest.mark.parametrize("wish", ["resolve", "pending", "snooze:24", "noise"])
def test_what_is_put_away_opens_the_next_of_the_same_queue(here: Console, wish: str) -> None:
    asked(here, "zebra?", "walrus?", "lion?")
    amir = here.client("amir")
    first, second, _ = (f"/staff/tickets/{row.id}" for row in here.desk.queue.page(Filter()).rows)
    done = amir.post(first, do=wish, version=1)
    assert (done.status_code, done.headers["Location"]) == (303, second)
    page = amir.get(second).text
    assert f'name="back" value="{first}"' in page, "taking it back leads to the ticket again"
    assert f'href="{first}"' not in page.partition("</nav>")[2].partition("</nav>")[0]


def test_the_next_one_is_of_the_filter_that_somebody_came_from(here: Console) -> None:
    asked(here, "zebra?", "walrus?", "lion?")
    amir = here.client("amir")
    ids = [row.id for row in here.desk.queue.page(Filter()).rows]
    for ticket_id in (ids[0], ids[2]):
        amir.post(f"/staff/tickets/{ticket_id}", do="label", label="travel", version=1)
    page = amir.get("/staff/?label=travel").text
    assert listed(page) == ["zebra?", "lion?"]
    came = re.findall(r'<td class="asked"><a href="([^"]+)"', page)[0].replace("&amp;", "&")
    done = amir.post(f"/staff/tickets/{ids[0]}", do="resolve", version=1, **{"in": "label=travel"})
    assert came == f"/staff/tickets/{ids[0]}?in=label%3Dtravel"
    assert done.headers["Location"] == f"/staff/tickets/{ids[2]}?in=label%3Dtravel"
    last = amir.post(f"/staff/tickets/{ids[2]}", do="resolve", version=1, **{"in": "label=travel"})
    assert last.headers["Location"] == "/staff/?label=travel"


def test_a_reply_that_resolves_opens_the_next_and_one_that_keeps_it_open_stays(here: Console) -> None:
    asked(here, "zebra?", "walrus?")
    amir = here.client("amir")
    first, second = (f"/staff/tickets/{row.id}" for row in here.desk.queue.page(Filter()).rows)
    draft = {"text": "Yes.", "signed": "Sam", "to": "all"}
    kept = amir.post(f"{first}/replies", **draft, do="send", version=1)
    assert kept.headers["Location"].startswith(first)
    sent = amir.post(f"{first}/replies", **draft, do="resolve", version=2)
    assert sent.headers["Location"] == second


def test_passages_that_come_near_are_there_to_quote(here: Console) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    page = amir.get(f"{ticket_path(amir)}/suggestions").text
    assert "Passages" in page
    assert re.search(r'data-insert="“[^"]+”\n[^"]+, http://localhost/', page)


def test_a_canned_reply_is_filled_in_for_one_family_and_never_with_the_words_of_another(tmp_path: Path) -> None:
    here = at_once(tmp_path)
    asked(here, "zebra stripes?")
    amir, editor = here.client("amir"), here.client("bea", "editor")
    text = "About {question}: ask {service}. {signature}"
    assert editor.post("/staff/canned", title="Ring", text=text).status_code == 303
    (canned,) = here.desk.keeping.canned()
    address = f"{ticket_path(amir)}?canned={canned.id}"
    assert ">About zebra stripes?: ask Test Answers. Amir, Test Answers</textarea>" in amir.get(address).text
    asked(here, "zebra foals?")
    assert ">About your question: ask Test Answers." in amir.get(address).text


def test_canned_replies_are_edited_and_begun_with_a_starter_set(tmp_path: Path) -> None:
    here = at_once(tmp_path)
    editor, agent = here.client("bea", "editor"), here.client("amir")
    assert editor.post("/staff/canned/starters").status_code == 303
    first = here.desk.keeping.canned()[0]
    assert len(here.desk.keeping.canned()) == 5
    assert "Add them" not in editor.get("/staff/canned").text
    assert editor.post(f"/staff/canned/{first.id}", title="Better", text="Hello {today}").status_code == 303
    assert editor.post(f"/staff/canned/{first.id}", title="Worse", text="Hello {nmae}").status_code == 422
    assert "Better" in {one.title for one in here.desk.keeping.canned()}
    assert agent.post(f"/staff/canned/{first.id}", title="Mine", text="Mine").status_code == 403


def test_who_else_is_here_and_that_the_family_wrote_is_told(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    assert amir.post(f"{path}/here", typing="yes").json["others"] == []
    asked(here, "zebra stripes?")
    around = bea.post(f"{path}/here", typing="no").json
    assert around["others"] == [{"name": "amir", "typing": True}]
    assert around["askings"] == 2
    assert field(amir.get(path).text, "version") == str(around["version"])
    amir.post(f"{path}/here", left="yes")
    assert bea.post(f"{path}/here", typing="no").json["others"] == []
