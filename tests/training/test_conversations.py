"""What is learnt of follow-ups: every line can be read, stands in the corpus, and is looked up as in a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.followup import reading_of
from bot.dialogue.history import EarlierTurn
from bot.reading.corpus import read_corpus
from bot.training.conversations import TaughtTalk, TaughtTurn, lines_of, read_talks
from bot.training.lines import FOLDER, HEADS_TALKS, READER_TALKS

CORPUS = Path(__file__).parents[2] / "corpus"
HANDS = sorted(path.stem for path in (FOLDER / "conversations").glob("*.jsonl"))

TALK = TaughtTalk(
    "t-1",
    "a father",
    (
        TaughtTurn("what is a gene", False, "", "genes", ("A gene is a line of a recipe.",)),
        TaughtTurn("and where is it read", True, "Where is a gene read?", "genes", ("It is read in every cell.",)),
        TaughtTurn("how tall was the man who found it", True, "How tall was ...?", None),
        TaughtTurn("what does the heart do", False, "", "hearts", ("The heart is a pump.",)),
    ),
)


@pytest.mark.parametrize("hand", HANDS)
def test_every_turn_says_what_it_means_and_begins_with_one_that_stands_alone(hand: str) -> None:
    talks = read_talks([hand])
    assert len(talks) > 20
    turns = [turn for talk in talks for turn in talk.turns]
    assert [turn.text for turn in turns if turn.leans and not turn.meant.strip()] == []
    assert [turn.text for turn in turns if turn.quotes and not turn.source] == []
    assert [talk.id for talk in talks if talk.turns[0].leans] == []


def test_what_answers_a_turn_stands_in_its_source_word_for_word() -> None:
    texts = {source.id: source.text for source in read_corpus([CORPUS], questions=False)}
    turns = [turn for talk in read_talks(HANDS) for turn in talk.turns if turn.source]
    assert len(turns) > 1000
    # `python -m bot train carry-over` finds those that a changed text has lost.
    assert sorted(quote for turn in turns for quote in turn.quotes if quote not in texts[str(turn.source)]) == []


def test_the_heads_and_the_reader_learn_from_different_hands_and_from_all() -> None:
    assert sorted([*HEADS_TALKS, *READER_TALKS]) == HANDS


def test_a_turn_is_looked_up_as_the_dialogue_would() -> None:
    found = [(line.kind, line.reading) for line in lines_of([TALK], fragments=True)]
    asked = EarlierTurn("what is a gene", "what is a gene", "answered", topic="Genes")
    leaning = reading_of("and where is it read", [asked])
    assert leaning is not None
    after = EarlierTurn("and where is it read", leaning.text, "answered", topic="Genes")
    digression = reading_of("what does the heart do", [asked, after])
    assert digression is not None
    assert found == [
        ("question", "what is a gene"),
        ("fragment", "and where is it read"),
        ("follow_up", leaning.text),
        ("fragment", "how tall was the man who found it"),
        ("follow_up", "what is a gene: how tall was the man who found it"),
        ("aside", "what does the heart do"),
        ("digression", digression.text),
    ]
    assert [line.kind for line in lines_of([TALK], fragments=False)].count("fragment") == 0
