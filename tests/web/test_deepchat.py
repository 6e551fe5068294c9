"""A Deep Chat front end gets answers, links and errors in the form that it can show."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.records import Answer, Snippet

from .factories import chat, client
from .fake_answerer import BUILD, FakeAnswerer, snippet
from .partners import Partnership, credentials
from .sources import digital_twins


def post(to: FlaskClient, *messages: dict[str, object], **fields: object) -> TestResponse:
    return to.post("/api/v1/chat", json={"messages": list(messages), **fields})


def user(text: str) -> dict[str, object]:
    return {"role": "user", "text": text}


def test_the_last_message_of_the_user_is_the_question() -> None:
    here = client()
    said = [user("zebra"), {"role": "ai", "text": "Nothing here is about that."}, user("What is a digital twin?")]
    assert post(here, *said).json["status"] == "answered"
    assert post(here, *said, {"role": "ai", "text": "zebra"}).json["status"] == "answered"
    assert post(here, {"text": "What is a digital twin?"}).json["status"] == "answered"


def test_an_answer_is_one_text_with_the_quotation_its_place_and_its_words() -> None:
    found = post(client(base_url="https://answers.example"), user("What is a digital twin?"))
    assert found.mimetype == "application/json"
    text = found.json["text"]
    first = chat(client()).json["snippets"][0]
    assert text.count("\n> ") + text.startswith("> ") >= 2
    assert f"> {first['text']}" in text
    assert "(https://answers.example/explainers/digital-twins-in-medicine#plain-english-explanation)" in text
    assert "— Explainer: [" in text
    assert "). Text updated 1 October 2026, not yet reviewed by a clinician" in text
    assert "**" in text


def test_links_have_our_host_even_where_none_is_set() -> None:
    assert "(http://localhost/explainers/digital-twins-in-medicine" in post(client(), user("twin")).json["text"]


def test_an_emergency_says_whom_to_call_first() -> None:
    text = post(client(), user("cannot breathe")).json["text"]
    assert text.startswith("Call your local emergency number now. [Call 911](tel:911)")


def test_nothing_found_is_said_in_our_words() -> None:
    assert post(client(), user("zebra")).json["text"] == "Nothing here is about that."


def test_passages_that_may_hold_the_answer_come_after_the_words_that_they_are_not_sure() -> None:
    text = post(client(), user("perhaps")).json["text"]
    order = ["I'm not sure this answers you", "> Trials for rare conditions are small.", "> Every one to two years"]
    positions = [text.index(words) for words in order]
    assert positions == sorted(positions)


def test_a_conversation_goes_on_with_its_id(tmp_path: Path) -> None:
    answerer = FakeAnswerer()
    shop = Partnership(tmp_path, answerer=answerer)
    first = post(shop.here, user("twin")).json
    again = post(shop.here, user("zebra"), conversation_id=first["conversation_id"]).json
    assert again["conversation_id"] == first["conversation_id"]
    assert [turns for _, _, turns in answerer.heard] == [0, 1]


def test_a_partners_server_asks_for_its_deep_chat_with_its_key(tmp_path: Path) -> None:
    shop = Partnership(tmp_path)
    partner = shop.partner()
    body = {"messages": [user("twin")]}
    assert shop.here.post("/api/v1/chat", json=body, headers=credentials(key=partner.key)).json["text"]
    refused = shop.here.post("/api/v1/chat", json={**body, "site": partner.id})
    assert (refused.status_code, refused.mimetype, refused.json["code"]) == (401, "application/json", "unauthorized")


def test_a_closed_chat_says_whom_to_call_in_its_error(tmp_path: Path) -> None:
    shop = Partnership(tmp_path, contact_url="https://ours.example/help", country="US")
    shop.store.set_closed(True, by="tests")
    refused = post(shop.here, user("twin"))
    assert refused.status_code == 503
    assert "https://ours.example/help" in refused.json["error"]
    assert "[Call 911](tel:911)" in refused.json["error"]


@pytest.mark.parametrize(
    "messages", [[], [{"role": "ai", "text": "twin"}], [{"role": "user"}], [user(" ")], [user("x" * 2001)]]
)
def test_what_asks_nothing_or_too_much_is_refused(messages: list[dict[str, object]]) -> None:
    refused = client().post("/api/v1/chat", json={"messages": messages})
    assert refused.status_code == 422
    assert refused.mimetype == "application/json"
    assert set(refused.json) == {"error", "code"}


def test_our_own_form_comes_first_and_keeps_its_own_errors() -> None:
    both = client().post("/api/v1/chat", json={"message": "zebra", "messages": [user("twin")]})
    assert both.json["status"] == "unanswered_no_match"
    assert both.json["snippets"] == []
    assert client().post("/api/v1/chat", json={"conversation_id": None}).mimetype == "application/problem+json"


def test_no_words_of_a_source_become_marks_or_links_of_markdown() -> None:
    class Hostile(FakeAnswerer):
        def answer(self, question: str) -> Answer:
            found = snippet(digital_twins(), "A digital twin", "not from flesh.", "twin")
            text = "[x](javascript:alert(1)) <img src=x> *b* `c`\n# d"
            return Answer("answered", BUILD, 1.0, snippets=(Snippet(text, (), found.source),))

    text = post(client(Hostile()), user("twin")).json["text"]
    assert text.startswith("> \\[x\\](javascript:alert(1)) \\<img src=x\\> \\*b\\* \\`c\\`\n> \\# d\n")
