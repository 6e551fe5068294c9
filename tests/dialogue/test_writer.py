"""Who writes, and to whom, is no topic: over HTTP, such a message gets the answer of the question in it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient

from bench.fuzz.service import application
from bot.dialogue.smalltalk import said

ASKED = "what is a heart?"


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with application(None) as app:
        yield app.test_client()


def told(client: FlaskClient, message: str) -> dict[str, Any]:
    reply = client.post("/api/v1/chat", json={"message": message})
    assert reply.status_code == 200
    found: dict[str, Any] = reply.get_json()
    return found


def quoted(client: FlaskClient, message: str) -> tuple[Any, ...]:
    answer = told(client, message)
    return answer["status"], answer["confidence"], [snippet["text"] for snippet in answer["snippets"]]


@pytest.mark.parametrize(
    "form",
    [
        "Hello my name is Ada and I have a question: {}",
        "hello my names ada lovelace and i have a question {}",
        "Hi, my name is Priya, {}",
        "My name is O'Brien. {}",
        "I'm Ada. {}",
        "Hi I'm Siobhán and I wanted to ask {}",
        "this is Maria Lopez, {}",
        "Hello, this is Tom from Leeds. {}",
        "Ada here. {}",
        "Marcus here, quick question: {}",
        "I'm Ada's mom. {}",
        "am Faith, mother of two. {}",
        "Call me Will. {}",
        "Hey there its Joy, {}",
        "Hi Anna, {}",
        "Dear Dr. Patel, {}",
        "Good morning Dr Chen, {}",
        "Dear Doctor Smith, {} Best wishes, Rose",
        "{} Thanks, Ada",
        "{}\n\nKind regards,\nJohn Smith",
        "{} - Grace",
        "{}\nAda",
        "{} Signed, Hope Walker",
        "{} Thank you so much!",
        "To whom it may concern, my name is Mark Field and my question is: {}",
    ],
)
def test_a_name_in_a_message_changes_nothing_of_its_answer(client: FlaskClient, form: str) -> None:
    plain = quoted(client, ASKED)
    assert plain[0] == "answered"
    assert quoted(client, form.format(ASKED)) == plain


@pytest.mark.parametrize(
    "message",
    [
        "I'm Deaf, what is a heart?",
        "This is Noonan syndrome, what is a heart?",
        "It's hard, what is a heart?",
        "what is a heart for Charcot-Marie",
        "call me when the heart is well",
    ],
)
def test_what_is_no_name_of_who_writes_stays_in_the_question(client: FlaskClient, message: str) -> None:
    assert quoted(client, message) != quoted(client, ASKED)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("Hi, I'm Ada", "smalltalk_greeting"),
        ("Hi Anna", "smalltalk_greeting"),
        ("Hello, my name is Tom.", "smalltalk_greeting"),
        ("Thanks, Ada", "smalltalk_thanks"),
        ("Thank you so much Ada!", "smalltalk_thanks"),
    ],
)
def test_a_greeting_with_a_name_is_greeted_back(client: FlaskClient, message: str, status: str) -> None:
    assert told(client, message)["status"] == status


def test_a_name_before_a_cry_for_help_does_not_hide_it(client: FlaskClient) -> None:
    answer = told(client, "This is Mary. My son Tom has stopped breathing. Thanks, Mary")
    assert answer["status"] == "referred_emergency"
    assert answer["notices"][0]["actions"]


def test_a_sentence_of_ours_that_has_a_word_put_in_can_be_copied_for_print() -> None:
    made = said("nothing_speaks_of", words="“zorbulate”")
    copied = deepcopy(made)
    assert (copied, copied.key, copied.values) == (made, "nothing_speaks_of", {"words": "“zorbulate”"})
