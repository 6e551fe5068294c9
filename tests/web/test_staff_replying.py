"""A family asks for a person, somebody replies, the family comes back: over HTTP, without script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .desks import Console, a_console
from .factories import chat
from .test_staff_queue import field, ticket_path


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def code_of(here: Console, **fields: str) -> tuple[str, str]:
    """A family that asks for a person: its code, and its conversation."""
    family = here.app.test_client()
    answer = chat(family, "zebra?").json
    receipt = family.post("/api/v1/handoff", json={"turn_id": answer["turn_id"], **fields}).json
    return receipt["come_back_code"], answer["conversation_id"]


def test_the_family_finds_the_reply_by_its_conversation_and_by_its_code(here: Console) -> None:
    code, conversation_id = code_of(here)
    amir = here.client("amir")
    path = ticket_path(amir)
    version = field(amir.get(path).text, "version")
    sent = amir.post(f"{path}/replies", text="We asked.\r\n<b>Ring</b> us.", signed=" Sam,  the team ", to="all",
                     do="resolve", version=version)  # fmt: skip
    assert sent.status_code == 303
    family = here.app.test_client()
    (reply,) = family.get(f"/api/v1/conversations/{conversation_id}").json["replies"]
    assert (reply["text"], reply["author_label"]) == ("We asked.\n<b>Ring</b> us.", "Sam, the team")
    by_code = family.post("/api/v1/comeback", json={"code": code}).json
    assert (by_code["conversation_id"], by_code["replies"]) == (conversation_id, [reply])
    page = family.post("/comeback", data={"code": code.lower()})
    assert "&lt;b&gt;Ring&lt;/b&gt; us." in page.text
    assert "Reply from a person: Sam, the team" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "seen by 1" in amir.get(path).text


def test_a_family_removes_its_conversation_with_its_code(here: Console) -> None:
    code, conversation_id = code_of(here)
    family = here.app.test_client()
    assert "There&#39;s no reply yet" in family.post("/comeback", data={"code": code}).text
    assert "deleted, with all that went with it" in family.post("/comeback", data={"code": code, "do": "forget"}).text
    assert family.get(f"/api/v1/conversations/{conversation_id}").status_code == 404
    assert family.post("/comeback", data={"code": code}).status_code == 404
    assert family.post("/api/v1/comeback", json={"code": code}).json["code"] == "unknown_code"


def test_codes_are_not_guessed_many_times_a_minute(here: Console) -> None:
    code, _ = code_of(here)
    guesser = here.app.test_client()
    for _ in range(10):
        assert guesser.post("/api/v1/comeback", json={"code": "K7F4-MQ2X-9D58"}).status_code == 404
    refused = guesser.post("/api/v1/comeback", json={"code": code})
    assert (refused.status_code, refused.json["code"]) == (429, "too_many")
    assert int(refused.headers["Retry-After"]) <= 60
    assert guesser.post("/comeback", data={"code": code}).status_code == 429
    other = here.app.test_client().post("/comeback", data={"code": code}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert other.status_code == 200


def test_the_second_who_replies_is_told_and_what_they_typed_is_still_there(here: Console) -> None:
    code_of(here)
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    draft = {"signed": "Sam", "to": "all", "do": "send", "version": field(amir.get(path).text, "version")}
    assert amir.post(f"{path}/replies", text="Mine.", **draft).status_code == 303
    refused = bea.post(f"{path}/replies", text="Hers, long thought of.", **draft)
    assert refused.status_code == 409
    assert "amir was faster" in refused.text
    assert "Hers, long thought of." in refused.text
    assert amir.get(path).text.count("Mine.") == 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"text": " ", "signed": "Sam"}, "needs a text"),
        ({"text": "Hello", "signed": ""}, "needs a text, and a name"),
        ({"text": "x" * 4001, "signed": "Sam"}, "4,001 characters, 4,000 are allowed"),
    ],
)
def test_a_reply_without_words_or_name_or_with_too_many_is_refused(
    here: Console, fields: dict[str, str], found: str
) -> None:
    code_of(here)
    amir = here.client("amir")
    path = ticket_path(amir)
    refused = amir.post(f"{path}/replies", version=1, **fields)
    assert refused.status_code == 422
    assert found in refused.text


def test_a_contact_is_shown_when_asked_for_and_each_showing_is_in_the_audit_log(here: Console) -> None:
    code_of(here, contact="ada@example.org")
    amir, boss = here.client("amir"), here.client("ada", "admin")
    path = ticket_path(amir)
    page = amir.get(path).text
    assert "ada@example.org" not in page
    action = re.search(r'action="([^"]+/contacts/[^"]+)"', page)
    assert action is not None
    for _ in range(2):
        assert "ada@example.org" in amir.post(action[1]).text
    assert boss.get("/staff/audit").text.count("contact.show") == 2
    assert "ada@example.org" not in boss.get("/staff/audit").text
    other = re.sub(r"/tickets/[^/]+/", "/tickets/another/", action[1])
    assert amir.post(other).status_code == 404


def test_a_canned_reply_begins_a_reply_without_script(here: Console) -> None:
    code_of(here)
    amir, editor = here.client("amir"), here.client("bea", "editor")
    assert editor.post("/staff/canned", title="Ring", text="Please ring us & ask.").status_code == 303
    (canned,) = here.desk.keeping.canned()
    assert ">Please ring us &amp; ask.</textarea>" in amir.get(f"{ticket_path(amir)}?canned={canned.id}").text
