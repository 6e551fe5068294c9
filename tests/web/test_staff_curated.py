"""Curated answers on screen: from a ticket to an approved answer, without script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.triage.curating.draft import Chosen, Draft

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_queue import field, ticket_path

FORM = {"wordings": "Do zebras swim?\r\ncan a zebra swim", "text": "Nobody knows.", "author": "Sam", "tags": ""}


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def drafted(browser: Browser, **fields: str) -> str:
    """The path of a new draft."""
    made = browser.post("/staff/curated", **{**FORM, "reviewed_on": "2026-11-01", **fields})
    assert made.status_code == 303, made.text
    return made.headers["Location"]


def test_a_ticket_and_its_reply_begin_a_curated_answer(here: Console) -> None:
    chat(here.app.test_client(), "zebra stripes for Ada?")
    amir = here.client("amir")
    path = ticket_path(amir)
    amir.post(
        f"{path}/replies",
        text="Ask us.",
        signed="Sam",
        to="all",
        do="send",
        version=field(amir.get(path).text, "version"),
    )
    link = re.search(r'href="(/staff/curated/new\?ticket=[^"]+)"', amir.get(path).text)
    assert link is not None
    page = amir.get(link[1]).text
    assert "required>zebra stripes for [name]?</textarea>" in page
    assert "required>Ask us.</textarea>" in page
    assert 'value="Sam"' in page


def test_an_editor_approves_what_somebody_else_wrote_and_retires_it(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    path = drafted(amir)
    assert "draft" in amir.get("/staff/curated").text
    assert amir.post(f"{path}/approve", number=1).status_code == 403
    assert bea.post(f"{path}/approve", number=1).status_code == 303
    assert "approved by bea" in amir.get(path).text
    assert bea.post(f"{path}/retire").status_code == 303
    assert "state-retired" in amir.get(path).text


def test_nobody_approves_their_own_words(here: Console) -> None:
    bea = here.client("bea", "editor")
    refused = bea.post(f"{drafted(bea)}/approve", number=1)
    assert refused.status_code == 403
    assert "somebody else has to approve it" in refused.text


def test_a_version_that_was_edited_meanwhile_is_not_approved(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    path = drafted(amir)
    edited = amir.post(f"{path}/edit", **{**FORM, "text": "Now we know.", "reviewed_on": "2026-11-01", "number": 1})
    assert edited.status_code == 200
    assert bea.post(f"{path}/approve", number=1).status_code == 409
    late = bea.post(f"{path}/edit", **{**FORM, "text": "Mine.", "reviewed_on": "2026-11-01", "number": 1})
    assert late.status_code == 409
    assert "required>Mine.</textarea>" in late.text


def test_what_is_wrong_is_said_and_what_was_typed_stays(here: Console) -> None:
    refused = here.client("amir").post(
        "/staff/curated", **{**FORM, "text": "One. Two. Three. Four.", "reviewed_on": ""}
    )
    assert refused.status_code == 422
    assert "The answer has 4 sentences" in refused.text
    assert "on which day it was reviewed" in refused.text
    assert "required>One. Two. Three. Four.</textarea>" in refused.text


def test_sentences_of_a_passage_are_chosen_and_never_taken_from_the_form(here: Console) -> None:
    amir = here.client("amir")
    found = amir.post("/staff/curated/passages", **FORM, find="digital twin")
    passage = re.search(r'name="passage" value="([^"]+)"', found.text)
    assert passage is not None
    chosen = amir.post("/staff/curated/choose", **FORM, find="digital twin", passage=passage[1], sentence="0")
    assert chosen.status_code == 200
    hidden = {name: field(chosen.text, name) for name in ("source_id", "sha256", "start", "end")}
    made = amir.post("/staff/curated", **{**FORM, **hidden, "text": "Something else."})
    assert made.status_code == 303
    (row,) = here.desk.curating.all()
    source = here.app.extensions["explainer_service"].answerer.source(hidden["source_id"])
    assert row.latest.draft.text == source.text[int(hidden["start"]) : int(hidden["end"])]
    for other in (
        {"sentence": ["0", "2"]},
        {"sentence": []},
        {"sentence": "99"},
        {"passage": "nothing", "sentence": "0"},
    ):
        fields = {**FORM, "find": "digital twin", "passage": passage[1], **other}
        assert amir.post("/staff/curated/choose", **fields).status_code == 422


def test_what_would_change_is_shown_and_markdown_is_given(here: Console) -> None:
    amir = here.client("amir")
    path = drafted(amir)
    assert "Of the last 0 questions" in amir.post(f"{path}/effects").text
    markdown = amir.get(f"{path}.md")
    assert markdown.headers["Content-Type"].startswith("text/markdown")
    assert "title: Do zebras swim?" in markdown.text
    assert amir.get("/staff/curated/nothing").status_code == 404


def test_what_families_asked_nearly_alike_is_ticked_to_become_wordings(here: Console) -> None:
    for question in ("Do lions swim?", "May lions swim?", "Tigers?"):
        assert chat(here.app.test_client(), question).status_code == 200
    amir = here.client("amir")
    path = drafted(amir)
    page = amir.post(f"{path}/effects")
    assert "Close, and would not get it: 2" in page.text
    assert amir.post(f"{path}/wordings", number="1").status_code == 422
    assert amir.post(f"{path}/wordings", number="9", wording="Do lions swim?").status_code == 409
    assert amir.post(f"{path}/wordings", number="1", wording="x" * 301).status_code == 422
    assert amir.post("/staff/curated/nothing/wordings", number="1", wording="Why?").status_code == 404
    done = amir.post(f"{path}/wordings", number="1", wording=["Do lions swim?", "Do zebras swim?"])
    assert done.status_code == 303
    (row,) = here.desk.curating.all()
    assert (row.latest.number, row.latest.draft.wordings) == (2, (*FORM["wordings"].split("\r\n"), "Do lions swim?"))
    assert row.approved is None


def test_a_passage_whose_source_changed_is_said_to_be(here: Console) -> None:
    name = here.add("amir")
    by = next(one for one in here.desk.accounts.all() if one.name == name)
    chosen = Chosen("what-is-a-digital-twin", "0" * 64, (0, 10))
    here.desk.curating.begin(Draft(("Why?",), "Because so", chosen=chosen), by=by)
    browser = here.client()
    browser.sign_in(name)
    assert "its source changed" in browser.get("/staff/curated").text
