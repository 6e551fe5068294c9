"""Which sentences are shown, and what of them is marked."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering.snippet import MAX_CHARS, NEIGHBOUR_SHARE, choose_sentences, highlights, sentence_scores
from bot.indexing.lexical import terms_of
from bot.records import Passage, Sentence


def passage_of(*texts: str, speakers: tuple[str | None, ...] = ()) -> Passage:
    """A passage of these sentences, with a space between."""
    sentences, position = [], 0
    for number, text in enumerate(texts):
        speaker = speakers[number] if speakers else None
        sentences.append(Sentence((position, position + len(text)), speaker))
        position += len(text) + 1
    whole = " ".join(texts)
    return Passage("s#0", "s", "explainer", "S", (), "other", "/s", (0, len(whole)), whole, tuple(sentences))


def shown(passage: Passage, scores: list[float]) -> str:
    """The text that these scores show."""
    start, end = choose_sentences(passage, np.asarray(scores, dtype=np.float32))
    return passage.text[start:end]


LONG = "A registry holds what families tell about their children, year after year, in one safe place for research."


def test_the_best_sentence_alone_is_shown_when_its_neighbours_answer_much_less() -> None:
    assert shown(passage_of("One is here.", LONG, "Three is there."), [0.1, 1.0, 0.2]) == LONG


@pytest.mark.parametrize(("share", "kept"), [(NEIGHBOUR_SHARE + 0.02, True), (NEIGHBOUR_SHARE - 0.02, False)])
def test_the_next_sentence_is_shown_from_its_share_of_the_best_on(share: float, kept: bool) -> None:
    assert ("Three" in shown(passage_of(LONG, "Three is there."), [1.0, share])) is kept


def test_a_sentence_that_leans_back_brings_the_one_before_it() -> None:
    assert shown(passage_of("A gene is a recipe.", "It is written in DNA."), [0.3, 1.0]).startswith("A gene")


def test_a_sentence_that_opens_a_list_brings_its_items() -> None:
    text = shown(passage_of("Bring these things along:", "The letter.", "A list of medicines."), [1.0, 0.1, 0.1])
    assert text.endswith("A list of medicines.")


def test_never_more_than_three_sentences_nor_more_than_the_most_characters() -> None:
    long = "x" * (MAX_CHARS // 2) + "."
    assert shown(passage_of(*["Short one."] * 6), [1.0] * 6).count(".") == 3
    assert shown(passage_of(long, long, long), [1.0, 1.0, 1.0]) == long


def test_two_speakers_are_never_in_one_snippet() -> None:
    passage = passage_of("Yes it is.", "No it is not.", speakers=("A", "B"))
    assert shown(passage, [1.0, 1.0]) == "Yes it is."


def test_words_of_the_question_are_marked_in_any_form_and_neighbours_together() -> None:
    text = "Natural history studies follow people."
    assert [text[a:b] for a, b in highlights(text, terms_of("a natural history study"))] == ["Natural history studies"]
    assert highlights(text, terms_of("what about it")) == ()


def test_questions_of_a_list_are_shown_with_the_line_that_opens_it() -> None:
    passage = passage_of("Families can ask these questions:", "Who pays?", "Who can see the data?", "Can we leave?")
    assert shown(passage, [1, 0, 0, 0]) == "Families can ask these questions: Who pays? Who can see the data?"


def test_a_question_that_is_not_listed_stands_in_no_snippet() -> None:
    assert shown(passage_of("A registry is a list.", "Who pays?"), [1, 1]) == "A registry is a list."


def test_the_guest_is_quoted_rather_than_the_host() -> None:
    passage = passage_of("I sleep badly too.", "Sleep can get better.", speakers=("A parent", "A specialist"))
    cosines, sentences = np.ones((2, 1), dtype=np.float32), np.array([0, 1], dtype=np.int16)
    weights, near = np.ones(1, dtype=np.float32), np.array([0.9, 0.6], dtype=np.float32)
    scores = sentence_scores(passage, cosines, sentences, weights, near, "other", host="A parent")
    assert shown(passage, list(scores)) == "Sleep can get better."
    assert shown(passage, list(sentence_scores(passage, cosines, sentences, weights, near, "other"))).startswith(
        "I sleep"
    )


def test_the_items_of_a_list_follow_each_other() -> None:
    text = "Do these things:\n\nStay calm.\nLook at the clock.\nCall for help."
    spans = [(0, 16), (18, 28), (29, 47), (48, 62)]
    passage = Passage(
        "s#0", "s", "explainer", "S", (), "other", "/s", (0, len(text)), text, tuple(Sentence(span) for span in spans)
    )
    assert shown(passage, [1, 0, 0, 0]) == "Do these things:\n\nStay calm.\nLook at the clock."
