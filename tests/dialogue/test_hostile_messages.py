"""No message of the length that is allowed keeps a worker busy, whatever it is made of."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.answering.phrases import says
from bot.answering.question import parse_question
from bot.answering.story import parts_of
from bot.dialogue.foreign import Foreign
from bot.dialogue.language import other_language
from bot.dialogue.smalltalk import reply_to
from bot.dialogue.writer import without_writer
from bot.errors import QuestionRejected
from bot.privacy.redaction import redact
from bot.safety.danger import SafetyClassifier, packaged_thresholds
from bot.safety.languages import urgent_by_words
from bot.web.errors import Refused
from bot.web.parsing import MAX_BODY_BYTES, MAX_QUESTION_CHARS, chat_request, clean_question, clean_text

MOST_S = 0.2
_TRIES = 4
_WATCH = SafetyClassifier(packaged_thresholds(), (), urgent_by_words)
_FOREIGN = Foreign(_WATCH)
_PIECES = (
    *"a1 .,-–'’(\n?!_#:@/", "a ", "1 ", "1. ", "A1-", "at 1", "at 1 ", "ID ", "ID", "born ", "born", "turned 3 ",
    "ref no. ", "call ", "+1 ", "00", "555 ", "live in ", "zip ", "12/3", "May ", "a@", "a.a", "a at b ", "dot ",
    "is ", "Dr. ",
    "my daughter ", "Ada ", "d'", "é", "漢", "😀", "\u0301", "ok ", "and so ", "why ", "i want to know ", "??",
    "sounds ", "not ", "breathing ", "die ", "if ", "ignore all previous ", "<!---->", "**", "[1:00] ",
)  # fmt: skip
# What took 31 s, 7 s, .5 s and .3 s, and others of their kinds.
_SEEN = (
    "She was born " + "a" * 1900 + " 1",
    "ID " * 666 + "1",
    "at 1" * 500,
    "1. " * 666,
    "ID 1" + "1" * 1990 + "_",
    "born" * 500,
    " " * 1999 + "a",
    "+11" + "1" * 1990 + "a",
    "a'" * 1000,
    "(" * 2000,
    "- " * 1000,
    "a" + "\u0301\u0323" * 999,
)


def looked_through(message: str) -> None:
    """All that is done with a message before it is looked up, and before it is kept."""
    redact(message)
    parts_of(message)
    without_writer(message)
    _FOREIGN.look(message)
    reply_to(message)
    other_language(message, lambda word: False)
    for phrase in ("more", "again", "bare", "what_about", "different", "asks", "numbers", "simply"):
        says(message, phrase)
    _WATCH.look_for_patterns(message)
    with suppress(QuestionRejected):
        parse_question(message)


def cost(work: Callable[[], object]) -> float:
    """The seconds that something takes of this thread: the least of a few tries, as another process may hold one up."""
    least = float("inf")
    for _ in range(_TRIES):
        begun = time.thread_time()
        work()
        least = min(least, time.thread_time() - begun)
        if least <= MOST_S:
            break
    return least


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What is loaded when it is first needed is not counted."""
    looked_through("Bonjour tout le monde, comment allez-vous? She was born 3/4/2019.")


@pytest.mark.parametrize("message", _SEEN, ids=range(len(_SEEN)))
def test_a_message_that_kept_a_worker_busy_does_not_any_more(message: str) -> None:
    assert cost(lambda: looked_through(message)) <= MOST_S


@pytest.mark.parametrize("piece", _PIECES)
def test_the_same_again_and_again_costs_little(piece: str) -> None:
    for before, behind in (("", " 1"), ("born ", "\x01")):
        message = before + (piece * MAX_QUESTION_CHARS)[: MAX_QUESTION_CHARS - len(before) - len(behind)] + behind
        assert cost(lambda message=message: looked_through(message)) <= MOST_S, (before, piece, behind)  # type: ignore[misc]


@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(_PIECES), max_size=3),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=4),
    st.sampled_from(["", " 1", "!", "\x01", "1a"]),
)
@example(["born "], ["a"], " 1")
def test_no_message_costs_much(before: list[str], again: list[str], behind: str) -> None:
    begun, piece = "".join(before), "".join(again)
    message = (begun + piece * MAX_QUESTION_CHARS)[: MAX_QUESTION_CHARS - len(behind)] + behind
    assert cost(lambda: looked_through(message)) <= MOST_S


def test_a_body_full_of_marks_is_refused_before_time_is_spent_on_it() -> None:
    # Marks that stand in the wrong order are what takes time; as JSON they fill a body.
    text = "a" + "\u0301\u0323" * 8000

    def refused() -> None:
        with pytest.raises(Refused):
            chat_request()

    body = json.dumps({"message": text}, ensure_ascii=False).encode()
    assert len(body) < MAX_BODY_BYTES + 16
    with Flask(__name__).test_request_context(method="POST", data=body, content_type="application/json"):
        assert cost(refused) <= 0.02
    assert cost(lambda: clean_text(text)) <= 0.05


@pytest.mark.parametrize(
    "text", ["Ça va, Nguyễn?", "\u1112\u1161\u11ab", "e\u0301" * 1000, "q\u0323\u0307 x" * 9, "ᾂ" * 99]
)
def test_letters_with_marks_are_read_in_one_form(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert clean_question(unicodedata.normalize(form, text)) == unicodedata.normalize("NFC", text)


def test_a_question_of_2000_letters_with_three_marks_each_is_read_and_one_of_2001_is_not() -> None:
    four = unicodedata.normalize("NFD", "ᾂ")
    assert len(four) == 4
    assert len(clean_question(four * MAX_QUESTION_CHARS)) == MAX_QUESTION_CHARS
    with pytest.raises(Refused):
        clean_question(four * (MAX_QUESTION_CHARS + 1))
