"""What staff are about to say to families is looked at twice, kept while it is typed, and can be taken back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .desks import Browser, Console, a_console
from .factories import chat
from .test_staff_queue import asked, field, ticket_path


@pytest.fixture
def here(tmp_path: Path) -> Console:
    return a_console(f"sqlite:///{tmp_path}/bot.sqlite3")


def send(to: Browser, path: str, text: str, **more: str) -> object:
    given = {"signed": "Sam", "to": "all", "do": "resolve", "version": field(to.get(path).text, "version"), **more}
    return to.post(f"{path}/replies", text=text, **given)


def told(here: Console, question: str) -> list[str]:
    """What families that asked a question read now."""
    family = here.app.test_client()
    conversation = chat(family, question).json["conversation_id"]
    return [one["text"] for one in family.get(f"/api/v1/conversations/{conversation}").json["replies"]]


def test_a_reply_to_several_families_is_asked_for_with_their_number(here: Console) -> None:
    asked(here, "zebra one?", "zebra two?", "zebra three?")
    amir = here.client("amir")
    path = ticket_path(amir)
    refused = send(amir, path, "Please ring us.")
    assert refused.status_code == 422
    assert "To 3 families." in refused.text
    assert "Send to 3 families" in refused.text
    assert "seen by" not in amir.get(path).text
    sure = field(refused.text, "sure")
    changed = send(amir, path, "Please ring us now.", sure=sure)
    assert changed.status_code == 422, "who changes the words is asked anew"
    assert send(amir, path, "Please ring us.", sure=sure).status_code == 303
    assert "to 3 families, seen by 0" in amir.get(path).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear Ada Miller, please ring us.", "Ada Miller"),
        ("Please ring Mrs Jones on 0171 555 0134.", "0171 555 0134"),
        ("Write to jones@example.org.", "jones@example.org"),
        ("Double the dose tonight.", "Double the dose"),
        ("Give 5 mg/kg.", "5 mg/kg"),
        ("Stop giving her the medicine.", "Stop giving her the medicine"),
    ],
)
def test_a_reply_with_personal_details_or_a_dose_is_looked_at_twice_also_by_one_family(
    here: Console, text: str, words: str
) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    refused = send(amir, path, text)
    assert refused.status_code == 422
    assert words in re.sub(r"<textarea.*?</textarea>", "", refused.text, flags=re.DOTALL)
    assert send(amir, path, text, sure=field(refused.text, "sure")).status_code == 303


@pytest.mark.parametrize("text", ["Please ring us.", "Many children swim with a tube.", "The trial is NCT01234567."])
def test_a_plain_reply_to_one_family_is_sent_at_once(here: Console, text: str) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    assert send(amir, ticket_path(amir), text).status_code == 303


def test_a_reply_is_withdrawn_from_those_who_have_not_seen_it(here: Console) -> None:
    first, second = here.app.test_client(), here.app.test_client()
    conversations = [chat(family, "zebra?").json["conversation_id"] for family in (first, second)]
    amir, boss = here.client("amir"), here.client("ada", "admin")
    path = ticket_path(amir)
    sure = field(send(amir, path, "Wrong words.").text, "sure")
    send(amir, path, "Wrong words.", sure=sure)
    (seen,) = first.get(f"/api/v1/conversations/{conversations[0]}").json["replies"]
    assert seen["text"] == "Wrong words."
    button = re.search(r'formaction="([^"]+/withdraw)"', amir.get(path).text)
    assert button is not None
    assert amir.post(button[1]).status_code == 303
    page = amir.get(path).text
    assert "Withdrawn from 1 family; the ticket is open again." in page
    assert "1 family had it already" in page
    assert second.get(f"/api/v1/conversations/{conversations[1]}").json["replies"] == []
    assert boss.get("/staff/audit").text.count("reply.withdraw") == 1


@pytest.mark.parametrize("do", [("send", "open"), ("pending", "pending"), ("resolve", "resolved")])
def test_a_reply_leaves_the_ticket_as_its_button_says(here: Console, do: tuple[str, str]) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    send(amir, path, "Hello.", do=do[0])
    (row,) = here.desk.queue.some([path.rsplit("/", 1)[-1]])
    assert row.status == do[1]


def test_what_is_typed_is_there_again_whatever_else_is_done_to_the_ticket(here: Console) -> None:
    asked(here, "zebra?")
    amir, bea = here.client("amir"), here.client("bea")
    path = ticket_path(amir)
    typed = {"text": "Long thought of.", "note": "Ask Bea.", "signed": "Sam", "to": "all"}
    amir.post(path, do="label", label="sport", version=field(amir.get(path).text, "version"), **typed)
    page = amir.get(path).text
    assert "Long thought of.</textarea>" in page
    assert "Ask Bea.</textarea>" in page
    assert "Long thought of." not in bea.get(path).text
    amir.post(f"{path}/notes", version=1, **typed)
    page = amir.get(path).text
    assert "Long thought of.</textarea>" in page
    assert "Ask Bea.</textarea>" not in page
    assert "<blockquote>Ask Bea.</blockquote>" in page
    send(amir, path, "Long thought of.")
    assert "Long thought of.</textarea>" not in amir.get(path).text


def test_what_is_typed_outlives_the_session_that_ends_and_is_nobody_elses(here: Console) -> None:
    asked(here, "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    place = f"/staff/unsent/ticket:{path.rsplit('/', 1)[-1]}"
    assert amir.post(place, text="Half a rep").status_code == 204
    token = amir.token()
    who = next(one for one in here.desk.accounts.all() if one.name == "amir")
    for session in here.desk.signing.sessions.of(who.id):
        here.desk.signing.sessions.end(session.id, account_id=who.id)
    lost = amir.client.post(f"{path}/replies", data={"text": "Half a reply, and more", "csrf_token": token},
                            headers={"Referer": f"http://localhost{path}"})  # fmt: skip
    assert lost.status_code == 401
    assert "Half a reply, and more</textarea>" in lost.text
    assert f'href="{path}"' in lost.text
    amir.sign_in("amir")
    assert "Half a rep</textarea>" in amir.get(path).text


def test_what_was_typed_goes_with_what_the_family_removes(here: Console) -> None:
    family = here.app.test_client()
    conversation = chat(family, "zebra?").json["conversation_id"]
    amir = here.client("amir")
    ticket_id = ticket_path(amir).rsplit("/", 1)[-1]
    amir.post(f"/staff/unsent/ticket:{ticket_id}", text="You wrote of a zebra")
    assert family.delete(f"/api/v1/conversations/{conversation}").status_code in {200, 204}
    who = next(one for one in here.desk.accounts.all() if one.name == "amir")
    assert here.desk.unsents.typed(who.id, f"ticket:{ticket_id}").saved_at is None


def test_what_became_of_the_mail_is_told_of_each_reply(tmp_path: Path) -> None:
    without = a_console(f"sqlite:///{tmp_path}/without.sqlite3")
    asked(without, "zebra?")
    amir = without.client("amir")
    path = ticket_path(amir)
    send(amir, path, "Hello.")
    page = amir.get(path).text
    assert "No e-mail is set up" in page
    assert "no e-mail is set up" in page
    with_mail = a_console(f"sqlite:///{tmp_path}/with.sqlite3", sends_mail=True)
    asked(with_mail, "zebra?")
    bea = with_mail.client("bea")
    path = ticket_path(bea)
    send(bea, path, "Hello.")
    page = bea.get(path).text
    assert "Who left an e-mail address gets it in half a minute" in page
    assert "about to be mailed: 1" in page


def test_what_became_of_a_reply_is_told_family_by_family(tmp_path: Path) -> None:
    here = a_console(f"sqlite:///{tmp_path}/bot.sqlite3", sends_mail=True)
    first = here.app.test_client()
    conversation = chat(first, "zebra?").json["conversation_id"]
    asked(here, "zebra?", "zebra?")
    amir = here.client("amir")
    path = ticket_path(amir)
    sure = field(send(amir, path, "Hello.").text, "sure")
    send(amir, path, "Hello.", sure=sure)
    first.get(f"/api/v1/conversations/{conversation}")
    *_, second, mailed = here.desk.webhooks.deliveries()
    here.desk.courier._kept(mailed.id, {"state": "sent"})
    here.desk.courier._kept(second.id, {"state": "waiting", "fault": "the mail server answered 451"})
    page = amir.get(path).text
    found = re.findall(r"<li>(Family \d: [^<]+)</li>", page)
    assert sorted(one.partition(": ")[2] for one in found) == [
        "not seen yet, about to be mailed",
        "not seen yet, e-mail failed, tried again",
        "seen, mailed",
    ]
    assert "mailed to 1, about to be mailed: 1, e-mail failed, retrying: 1" in page
