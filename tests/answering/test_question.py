"""What is asked is read as typed, within its limits."""

from __future__ import annotations

import pytest

from bot.answering.question import MAX_QUESTION_CHARS, kind_of, parse_question
from bot.errors import QuestionRejected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("what is a digital twin", "what"),
        ("What's a registry?", "what"),
        ("what are the risks of gene therapy", "risks"),
        ("is it safe", "risks"),
        ("why does it matter", "why"),
        ("how does a registry work", "how"),
        ("how is that different from gene editing", "compare"),
        ("we have a visit on Tuesday", "other"),
        ("what should I do during a seizure", "other"),
        ("what can we ask", "other"),
    ],
)
def test_the_kind_of_a_question_is_seen_from_its_words(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b\u200e", "\x00\x01"])
def test_a_message_without_a_visible_character_is_rejected_as_empty(message: str) -> None:
    with pytest.raises(QuestionRejected) as rejected:
        parse_question(message)
    assert rejected.value.reason == "empty"


def test_a_message_of_the_longest_length_is_read_and_one_more_character_is_not() -> None:
    assert len(parse_question("a" * MAX_QUESTION_CHARS).text) == MAX_QUESTION_CHARS
    with pytest.raises(QuestionRejected) as rejected:
        parse_question("a" * (MAX_QUESTION_CHARS + 1))
    assert rejected.value.reason == "too_long"
    assert "aaa" not in str(rejected.value)


def test_unseen_characters_do_not_split_a_word_and_lone_surrogates_are_dropped() -> None:
    assert parse_question("gene\u00ad therapy \ud800").text == "gene therapy"
