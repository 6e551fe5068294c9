"""The question inside a long message is found."""

from __future__ import annotations

import pytest

from bot.conversing.story import questions_in, sentences_of


def test_a_short_message_is_its_own_question() -> None:
    assert questions_in("SHANK3 deletion") == ["SHANK3 deletion"]
    assert questions_in("my son has rett what is gene therapy") == ["my son has rett what is gene therapy"]


def test_the_question_in_a_story_is_found() -> None:
    story = (
        "Hello. My daughter is four and was diagnosed last week. We live in a small town, and the hospital is far. "
        "Dr. Lee said something about a registry. What is a patient registry? We are very tired. Thank you."
    )
    assert questions_in(story) == ["What is a patient registry?"]


def test_a_question_without_a_question_mark_is_found() -> None:
    story = "We got the letter today.\nit says vus\ni want to understand what that means\nmy wife cries all day"
    assert questions_in(story) == ["i want to understand what that means"]


def test_a_question_that_says_nothing_by_itself_brings_the_sentence_before_it_along() -> None:
    story = (
        "The trial wants him to wear a sensor. He rips everything off. Is it worth it? We are so tired. Thank you all."
    )
    assert questions_in(story) == ["He rips everything off. Is it worth it?"]


def test_of_many_questions_the_last_two_are_taken() -> None:
    assert questions_in("What is a gene? How is it read? What is a variant?") == [
        "How is it read?",
        "What is a variant?",
    ]


@pytest.mark.parametrize(
    ("message", "sentences"),
    [
        ("He saw Dr. Lee. It went well.", ["He saw Dr. Lee.", "It went well."]),
        ("one line\n\nanother", ["one line", "another"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_a_message_is_cut_at_the_ends_of_its_sentences(message: str, sentences: list[str]) -> None:
    assert sentences_of(message) == sentences
