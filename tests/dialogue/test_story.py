"""The question inside a long message is found."""

from __future__ import annotations

import pytest

from bot.answering.story import STORY_WORDS, MessagePart, asks, parts_of, sentences_of


def questions_in(message: str) -> list[str]:
    """The parts of a message, without the whole, that have the form of a question."""
    whole, *parts = parts_of(message)
    assert whole.text == message.strip()
    return [part.text for part in parts if part.asks]


def test_a_short_message_is_its_own_question() -> None:
    assert parts_of("SHANK3 deletion") == [MessagePart("SHANK3 deletion", asks=False)]
    assert parts_of("my son has rett what is gene therapy") == [
        MessagePart("my son has rett what is gene therapy", asks=False)
    ]
    assert parts_of("He is four. What is a registry?") == [MessagePart("He is four. What is a registry?", asks=True)]


def test_the_question_in_a_story_is_found() -> None:
    story = (
        "Hello. My daughter is four and was diagnosed last week. We live in a small town, and the hospital is far. "
        "Dr. Lee said something about a registry. What is a patient registry? We are very tired. Thank you."
    )
    assert questions_in(story) == ["What is a patient registry?"]


def test_what_has_not_the_form_of_a_question_may_be_what_is_asked_too() -> None:
    story = "Our son was diagnosed with a deletion last week. " + "We are tired. " * STORY_WORDS
    assert MessagePart("Our son was diagnosed with a deletion last week.", asks=False) in parts_of(story)


def test_a_question_without_a_question_mark_is_found() -> None:
    story = (
        "We got the letter today from the clinic in the city.\nit says vus\ni want to understand what that means\n"
        "my wife cries all day and nobody there has the time to talk to us about it"
    )
    assert questions_in(story) == ["i want to understand what that means"]


def test_a_question_that_says_nothing_by_itself_brings_the_sentence_before_it_along() -> None:
    story = (
        "The trial wants him to wear a sensor all day. He rips everything off. Is it worth it? We are so tired, and "
        "his sister does not sleep at night any more. Thank you all."
    )
    assert questions_in(story) == ["He rips everything off. Is it worth it?"]


def test_of_several_questions_each_is_one() -> None:
    assert questions_in("What is a gene? How is it read? What is a variant?") == [
        "What is a gene?",
        "How is it read?",
        "What is a variant?",
    ]


@pytest.mark.parametrize(
    ("sentence", "is_question"),
    [("Is it safe?", True), ("“Is it safe?”", True), ("tell me what it is", True), ("He is four.", False)],
)
def test_the_form_of_a_question_is_seen(sentence: str, is_question: bool) -> None:
    assert asks(sentence) is is_question


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


def test_a_sentence_that_asks_two_things_is_two_parts() -> None:
    story = (
        "My son is four and the geneticist rang last week about a deletion on chromosome 22, and I did not understand "
        "half of it. I am so tired. Is it my fault, and will he talk again?"
    )
    first, second = [part.text for part in parts_of(story) if part.asks][-2:]
    assert first.endswith("Is it my fault")
    assert second == "will he talk again?"
