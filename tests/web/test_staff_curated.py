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
    assert "Needs approval" in amir.get("/staff/curated").text
    assert amir.post(f"{path}/approve", number=1).status_code == 403
    looked = bea.post(f"{path}/approve", number=1)
    assert looked.status_code == 422
    assert "Look first at what would change" in looked.text
    assert "Of the last 0 questions" in looked.text
    assert here.desk.curating.all()[0].approved is None
    assert bea.post(f"{path}/approve", number=1, looked=field(looked.text, "looked")).status_code == 303
    assert "approved by bea" in amir.get(path).text
    assert bea.post(f"{path}/retire").status_code == 303
    assert "state-retired" in amir.get(path).text


def test_nobody_approves_their_own_words(here: Console) -> None:
    bea = here.client("bea", "editor")
    path = drafted(bea)
    assert "Approve version" not in bea.post(f"{path}/effects").text
    refused = bea.post(f"{path}/approve", number=1)
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


def approve(editor: Browser, path: str) -> None:
    """Look at what would change, and approve it."""
    looked = field(editor.post(f"{path}/effects").text, "looked")
    assert editor.post(f"{path}/approve", number=1, looked=looked).status_code == 303


def test_another_live_answer_to_the_same_wordings_and_doubtful_words_are_said_before_approval(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    approve(bea, drafted(amir))
    path = drafted(amir, text="Double the dose, and ring Mrs Jones.", wordings="can a ZEBRA swim")
    page = bea.post(f"{path}/effects").text
    assert "Another answer is live for the same wordings" in page
    assert "Do zebras swim?" in page
    assert "Double the dose" in page
    assert "Approve version 1 all the same" in page


def test_what_was_said_to_one_family_is_not_for_all_until_its_gaps_are_filled(here: Console) -> None:
    chat(here.app.test_client(), "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    sent = {"text": "Ring Mrs Jones on 0171 555 0134.", "signed": "Sam", "to": "all", "do": "send", "version": 1}
    sure = field(amir.post(f"{path}/replies", **sent).text, "sure")
    amir.post(f"{path}/replies", **sent, sure=sure)
    page = amir.get(f"/staff/curated/new?ticket={path.rsplit('/', 1)[-1]}").text
    assert "0171" not in page
    assert "[phone]" in page
    refused = amir.post("/staff/curated", **{**FORM, "text": "Ring [phone].", "reviewed_on": "2026-11-01"})
    assert refused.status_code == 422
    assert "still says [phone]" in refused.text


def test_looking_for_passages_loses_nothing_that_was_typed(here: Console) -> None:
    found = here.client("amir").post("/staff/curated/passages", **FORM, find="digital twin")
    assert "required>Nobody knows.</textarea>" in found.text


def test_an_answer_that_was_begun_and_left_is_there_again(here: Console) -> None:
    amir = here.client("amir")
    assert amir.post("/staff/unsent/curated:new", **{**FORM, "text": "Half an answ"}).status_code == 204
    assert "required>Half an answ</textarea>" in amir.get("/staff/curated/new").text
    drafted(amir, place="curated:new")
    assert "Half an answ" not in amir.get("/staff/curated/new").text


def test_a_begun_answer_in_a_familys_words_goes_with_what_the_family_removes(here: Console) -> None:
    family = here.app.test_client()
    conversation = chat(family, "zebra stripes all day long?").json["conversation_id"]
    amir = here.client("amir")
    amir.post("/staff/unsent/curated:new", **{**FORM, "wordings": "zebra stripes all day long?"})
    assert family.delete(f"/api/v1/conversations/{conversation}").status_code in {200, 204}
    assert "zebra stripes" not in amir.get("/staff/curated/new").text


def test_an_edit_stands_against_what_families_get_now_and_can_be_discarded(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    path = drafted(amir, text="Nobody knows yet.")
    approve(bea, path)
    edited = {**FORM, "text": "Nobody knows, ask us.", "wordings": "Do zebras swim?", "reviewed_on": "2026-11-01"}
    amir.post(f"{path}/edit", number=1, **edited)
    page = " ".join(amir.get(path).text.split())
    assert "Nobody <del>knows yet.</del> <ins>knows, ask us.</ins>" in page
    assert re.search(r"Wordings that go</h3><ul[^>]*><li>can a zebra swim</li>", page)
    assert amir.post(f"{path}/discard", number=2).status_code == 403
    bea.post(f"{path}/discard", number=1)
    assert "Nothing was discarded." in bea.get(path).text
    bea.post(f"{path}/discard", number=2)
    (row,) = here.desk.curating.all()
    assert (row.state, row.latest.draft.text) == ("approved", "Nobody knows yet.")
    assert "Nobody knows, ask us." in bea.get(path).text, "the edit stays among the versions"
    assert "curated.discard" in here.client("ada", "admin").get("/staff/audit").text


def test_a_draft_that_nobody_wants_is_discarded(here: Console) -> None:
    amir, bea = here.client("amir"), here.client("bea", "editor")
    path = drafted(amir)
    assert "Yes, discard" in bea.get(path).text
    bea.post(f"{path}/retire")
    assert here.desk.curating.all()[0].state == "retired"
