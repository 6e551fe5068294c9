"""The queue and a ticket, as staff use them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .desks import Browser, Console, a_console
from .factories import chat


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def asked(here: Console, *questions: str) -> None:
    for question in questions:
        assert chat(here.app.test_client(), question).status_code == 200


def listed(page: str) -> list[str]:
    """The questions of the rows, from the top."""
    return re.findall(r'<td class="asked"><a href="[^"]+">([^<]+)</a>', page)


def ticket_path(browser: Browser) -> str:
    found = re.search(r'<td class="asked"><a href="([^"]+)"', browser.get("/staff/").text)
    assert found is not None
    return found[1]


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_what_families_ask_is_in_the_queue_the_urgent_first_and_the_same_once(here: Console) -> None:
    asked(here, "zebra stripes for Ada?", "zebra foals", "I cannot breathe", "What is a digital twin?")
    page = here.client("amir").get("/staff/").text
    assert listed(page) == ["I cannot breathe", "zebra stripes for [name]?"]
    assert "2 tickets" in page
    assert "an emergency" in page
    assert '<span class="count">2</span>' in page


def test_a_vote_and_a_wish_for_a_person_bring_an_answered_question_in(here: Console) -> None:
    to = here.app.test_client()
    answer = chat(to, "What is a digital twin?").json
    to.post("/api/v1/feedback", json={"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"],
                                      "verdict": "down", "comment": "Ada is not helped"})  # fmt: skip
    amir = here.client("amir")
    assert "did not help" in amir.get("/staff/").text
    to.post("/api/v1/handoff", json={"turn_id": answer["turn_id"], "note": "Please call about <b>Ada</b>"})
    assert listed(amir.get("/staff/?reason=handoff").text) == ["What is a digital twin?"]
    page = amir.get(ticket_path(amir)).text
    assert "[name] is not helped" in page
    assert "Please call about &lt;b&gt;[name]&lt;/b&gt;" in page


def test_the_second_agent_is_told_who_was_faster_and_what_is_now(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    version = field(amir.get(path).text, "version")
    assert amir.post(path, do="take", version=version).status_code == 303
    refused = bea.post(path, do="resolve", version=version)
    assert refused.status_code == 409
    assert "amir was faster" in refused.text
    assert "assignee: amir" in refused.text
    assert listed(bea.get("/staff/").text) == ["zebra?"]
    assert bea.post(path, do="resolve", version=field(refused.text, "version")).status_code == 303
    assert listed(bea.get("/staff/").text) == []
    assert listed(bea.get("/staff/?status=resolved").text) == ["zebra?"]


@pytest.mark.parametrize(
    ("wish", "query"),
    [
        ("take", "assignee=me"),
        ("pending", "status=pending"),
        ("snooze:24", "status=snoozed"),
        ("priority:urgent", "priority=urgent"),
        ("label:sport day", "label=sport+day"),
        ("resolve", "status=resolved"),
    ],
)
def test_whatever_is_done_to_a_ticket_it_is_found_where_it_belongs(here: Console, wish: str, query: str) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    assert listed(amir.get(f"/staff/?{query}").text) == []
    amir.post(path, do=wish, version=field(amir.get(path).text, "version"))
    assert listed(amir.get(f"/staff/?{query}").text) == ["zebra?"]


@pytest.mark.parametrize("wish", ["", "explode", "snooze:9999", "priority:huge", "label:<b>", "label:"])
def test_a_wish_that_is_none_changes_nothing(here: Console, wish: str) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    version = field(amir.get(path).text, "version")
    assert amir.post(path, do=wish, version=version).status_code == 422
    assert field(amir.get(path).text, "version") == version


def test_many_are_resolved_at_once_and_the_ones_that_changed_meanwhile_are_named(here: Console) -> None:
    asked(here, "one?", "two?", "three?")
    amir, bea = here.client("amir"), here.client("bea")
    page = amir.get("/staff/").text
    ticked = re.findall(r'name="ticket" value="([^"]+)"', page)
    assert len(ticked) == 3
    path = ticket_path(bea)
    bea.post(path, do="pending", version=field(bea.get(path).text, "version"))
    sent = amir.post("/staff/queue", page="/staff/", ticket=ticked, do="resolve", query="")
    assert sent.status_code == 303
    page = amir.get("/staff/").text
    assert "2 tickets resolved." in page
    assert "bea was faster" in page
    assert listed(page) == []


def test_a_filter_is_kept_under_a_name_for_its_owner_alone(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea")
    amir.post("/staff/views", name="My urgent", query="assignee=me&priority=urgent")
    found = re.search(r"/staff/views/([\w-]+)/drop", amir.get("/staff/").text)
    assert found is not None
    assert "My urgent" not in bea.get("/staff/").text
    assert bea.post(f"/staff/views/{found[1]}/drop").status_code == 404
    assert amir.post(f"/staff/views/{found[1]}/drop").status_code == 303
    assert "My urgent" not in amir.get("/staff/").text


def test_the_clock_tells_when_to_look_again(here: Console) -> None:
    amir = here.client("amir")
    before = amir.get("/staff/queue/tick").json
    asked(here, "I cannot breathe")
    after = amir.get("/staff/queue/tick").json
    assert after["tick"] > before["tick"]
    assert (before["urgent"], after["urgent"]) == (0, 1)
    asked(here, "What is a digital twin?")
    assert amir.get("/staff/queue/tick").json == after


def test_a_note_is_private_and_shown_as_typed(here: Console) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    amir.post(f"{path}/notes", note="<script>alert(1)</script>")
    page = amir.get(path).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_the_conversation_is_shown_as_the_family_saw_it(here: Console) -> None:
    asked(here, "zebra and Ada?")
    amir = here.client("amir")
    found = re.search(r'"(/staff/turns/[^"]+)"', amir.get(ticket_path(amir)).text)
    assert found is not None
    page = amir.get(found[1]).text
    assert "zebra and [name]?" in page
    assert "Nothing here is about that." in page
    assert amir.get("/staff/turns/nothing").status_code == 404


def test_editors_keep_canned_replies_and_agents_read_them(here: Console) -> None:
    bea, amir = here.client("bea", "editor"), here.client("amir")
    bea.post("/staff/canned", title="Hello", text="Thank you for asking.")
    assert "Thank you for asking." in amir.get("/staff/canned").text
    assert amir.post("/staff/canned", title="x", text="y").status_code == 403
    found = re.search(r"/staff/canned/([\w-]+)/drop", bea.get("/staff/canned").text)
    assert found is not None
    bea.post(f"/staff/canned/{found[1]}/drop")
    assert "Thank you" not in amir.get("/staff/canned").text


@pytest.mark.parametrize("query", ["page=0", "page=99", "page=x", "older_h=x", "older_h=99999999999", "status=x",
                                   "reason=x", "assignee=x", "words=%25",
                                   "like=%20", "label=%3Cb%3E"])  # fmt: skip
def test_no_address_breaks_the_queue(here: Console, query: str) -> None:
    asked(here, "zebra?")
    assert here.client("amir").get(f"/staff/?{query}").status_code == 200
