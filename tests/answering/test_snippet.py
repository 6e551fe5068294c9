"""Which sentences are shown, and what of them is marked."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering.sentences import QuestionForm, SentenceVectors, forms_of, signals_of
from bot.answering.snippet import (
    MAX_CHARS,
    NEIGHBOUR_LOG_ODDS,
    choose_sentences,
    highlights,
    lists_questions,
)
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


def shown(passage: Passage, log_odds: list[float], *, barred: tuple[int, ...] = ()) -> str:
    """The text that is shown when its sentences have these log-odds to answer."""
    start, end = choose_sentences(passage, np.asarray(log_odds, dtype=np.float32), barred=barred)
    return passage.text[start:end]


LONG = "A registry holds what families tell about their children, year after year, in one safe place for research."


def test_the_best_sentence_alone_is_shown_when_its_neighbours_answer_much_less() -> None:
    assert shown(passage_of("One is here.", LONG, "Three is there."), [-3.0, 1.0, -2.0]) == LONG


@pytest.mark.parametrize(("behind", "kept"), [(NEIGHBOUR_LOG_ODDS - 0.1, True), (NEIGHBOUR_LOG_ODDS + 0.1, False)])
@pytest.mark.parametrize("best", [-4.0, 0.0, 3.0])
def test_the_next_sentence_is_shown_unless_it_is_too_far_behind_the_best(
    best: float, behind: float, kept: bool
) -> None:
    assert ("Three" in shown(passage_of(LONG, "Three is there."), [best, best - behind])) is kept


def test_a_barred_sentence_is_never_shown_however_well_it_answers() -> None:
    passage = passage_of("One is here.", LONG, "Three is there.")
    assert shown(passage, [0.0, 5.0, 1.0], barred=(1,)) == "Three is there."
    assert shown(passage, [1.0, 5.0, 0.0], barred=(1,)) == "One is here."


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


def signals(passage: Passage, question: str, *, kind: str = "other", host: str | None = None) -> list[dict[str, float]]:
    """The signals of each sentence where every vector is equally near."""
    count = len(passage.sentences)
    form = QuestionForm(terms_of(question), kind, "how many" in question)  # type: ignore[arg-type]
    one, same = np.ones(1, dtype=np.float32), np.full(count, 0.5, dtype=np.float32)
    tokens, numbers = np.ones((count, 1), dtype=np.float32), np.arange(count, dtype=np.int16)
    vectors = SentenceVectors(same, same, same, tokens, one)
    return signals_of([forms_of(passage, numbers, host=host)], vectors, form).rows()


def test_what_is_near_what_shares_words_and_what_only_asks_is_told_of_each_sentence() -> None:
    passage = passage_of("A registry is a list of patients.", "Who pays?", "It is kept for years.")
    first, asking, back = signals(passage, "what is a patient registry", kind="what")
    assert (first["window"], first["asked"], first["cosine"], first["late"]) == (0.5, 0.5, 0.5, 1.0)
    assert (first["overlap"], asking["overlap"]) == (1.0, 0.0)
    assert [one["is_question"] for one in (first, asking, back)] == [0, 1, 0]
    assert [one["leans_back"] for one in (first, asking, back)] == [0, 0, 1]
    assert [one["defines"] for one in (first, asking, back)] == [1, 0, 1]
    assert [one["first"] for one in (first, asking, back)] == [1, 0, 0]


def test_who_asks_for_a_number_is_told_which_sentences_have_one() -> None:
    passage = passage_of("Half of the children have seizures.", "Most of them sleep badly.")
    with_number, without = signals(passage, "how many children have seizures")
    assert (with_number["has_number"], with_number["lacks_number"]) == (1, 0)
    assert (without["has_number"], without["lacks_number"]) == (0, 1)
    assert all(not one["has_number"] and not one["lacks_number"] for one in signals(passage, "why do they sleep"))


def test_the_words_of_the_host_are_told_from_those_of_the_guest() -> None:
    passage = passage_of("I sleep badly too.", "Sleep can get better.", speakers=("A parent", "A specialist"))
    assert [one["by_host"] for one in signals(passage, "sleep", host="A parent")] == [1, 0]
    assert [one["by_host"] for one in signals(passage, "sleep")] == [0, 0]


@pytest.mark.parametrize(
    ("texts", "is_list"),
    [
        (("Families can ask these questions:", "Who pays?", "Who can see the data?"), True),
        (("A registry is a list.", "Who pays?"), False),
        (("A registry is a list.", "The study pays."), False),
    ],
)
def test_a_passage_of_questions_is_seen(texts: tuple[str, ...], is_list: bool) -> None:
    assert lists_questions(passage_of(*texts)) is is_list


def test_the_items_of_a_list_follow_each_other() -> None:
    text = "Do these things:\n\nStay calm.\nLook at the clock.\nCall for help."
    spans = [(0, 16), (18, 28), (29, 47), (48, 62)]
    passage = Passage(
        "s#0", "s", "explainer", "S", (), "other", "/s", (0, len(text)), text, tuple(Sentence(span) for span in spans)
    )
    assert shown(passage, [1, 0, 0, 0]) == "Do these things:\n\nStay calm.\nLook at the clock."
