"""The reader is fitted on what a Build finds, and its thresholds are shares of what must not be answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.answering.judge import CandidateScorer, Looked
from bot.answering.reader import ReaderModel, packaged_reader
from bot.answering.spelling import Speller
from bot.indexing.index import open_current
from bot.indexing.store import BuildStore
from bot.training.conversations import ASIDE
from bot.training.lines import FamilyLine
from bot.training.reader import CorpusView, choose_thresholds, fit_reader, judged
from tests.factories import make_build

LINES = [
    FamilyLine("what is a gene", "right", ("genes",), ("A gene is a line of a recipe.",)),
    FamilyLine("is a gene read in a cell", "right", ("genes",), ("It is read in every cell.",)),
    FamilyLine("does the heart beat", "right", ("hearts",), ("It beats all day.",)),
    FamilyLine("what is the heart", "right", ("hearts",), ("The heart is a pump.",)),
    FamilyLine("what is a diet", "right", ("meals",), ("A diet is what you eat.",)),
    FamilyLine("who won the game", "offtopic", ()),
    FamilyLine("book me a table", "offtopic", ()),
    FamilyLine("which school is good", "offtopic", ()),
]


@pytest.mark.slow
def test_a_reader_that_was_fitted_is_surer_of_what_it_was_told_is_right(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    speller = Speller(index.vocabulary, index.common_words)

    def judge_of(model: ReaderModel) -> CandidateScorer:
        return CandidateScorer(index, model, speller)

    whole = CorpusView(judge_of, ("genes", "hearts", "meals"))
    fitted = fit_reader(LINES * 3, LINES[:2], [whole], packaged_reader(), "test")
    assert (fitted.model.run, fitted.model.sure) == ("test", packaged_reader().sure)
    judge = judge_of(fitted.model)
    found = [judge.look_up(line.text).confidence for line in LINES]
    right = [value for line, value in zip(LINES, found, strict=True) if line.sources]
    wrong = [value for line, value in zip(LINES, found, strict=True) if not line.sources]
    assert min(right) > max(wrong)


def test_lines_of_other_corpora_and_stories_are_not_judged() -> None:
    lines = [*LINES, FamilyLine("long", "story", ("genes",)), FamilyLine("what is snow", "right", ("snow",))]
    assert judged(lines, {"genes"}) == [line for line in LINES if line.sources in {("genes",), ()}]


@pytest.mark.parametrize(("share", "let_through"), [(0.0, 0), (0.5, 5), (1.0, 10)])
def test_a_threshold_lets_its_share_of_what_must_not_be_answered_through(share: float, let_through: int) -> None:
    values = [number / 10 for number in range(10)]
    held_out = [(value, False, FamilyLine("no", "offtopic", ())) for value in values]
    held_out.append((0.95, True, FamilyLine("yes", "right", ("genes",))))
    sure, near = choose_thresholds(held_out, shown_of_refusals=share, near_of_refusals=1.0)
    assert abs(sum(value >= sure for value in values) - let_through) <= 1
    assert near == 0.0


@pytest.mark.slow
def test_a_reader_learns_that_a_page_that_is_talked_about_does_not_answer_all_that_is_asked_after_it(
    tmp_path: Path,
) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    speller = Speller(index.vocabulary, index.common_words)
    answered = FamilyLine(
        "where is it read", "follow_up", ("genes",), ("It is read in every cell.",), after="what is a gene"
    )
    unanswered = FamilyLine("how tall was who found it", "follow_up", (), after="what is a gene")
    whole = CorpusView(lambda model: CandidateScorer(index, model, speller), ("genes", "hearts", "meals"))
    fitted = fit_reader([*LINES * 3, *[answered, unanswered] * 6], LINES[:2], [whole], packaged_reader(), "test")
    confidence = {
        line: whole.judge_of(fitted.model).look_up_as(line.text, reading=line.reading, about=line.after).confidence
        for line in (answered, unanswered)
    }
    assert confidence[answered] > confidence[unanswered]


def test_a_long_message_of_a_conversation_is_learnt_from_as_a_first_one(tmp_path: Path) -> None:
    make_build(tmp_path)
    index, _ = open_current(BuildStore(tmp_path))
    speller = Speller(index.vocabulary, index.common_words)
    looked_up: dict[str, bool] = {}

    class Recording(CandidateScorer):
        def look_up(self, message: str, **chosen: Any) -> Looked:
            looked_up[message] = bool(chosen.get("in_conversation"))
            return super().look_up(message, **chosen)

    short = FamilyLine("does the heart rest", ASIDE, ("hearts",), ("It rests between two beats.",))
    long = FamilyLine(
        "my aunt who taught biology says the heart pumps all day long without any pause between beats, truly",
        ASIDE,
        ("hearts",),
        ("It rests between two beats.",),
    )
    whole = CorpusView(lambda model: Recording(index, model, speller), ("genes", "hearts", "meals"))
    fit_reader([*LINES * 3, short, long], LINES[:2], [whole], packaged_reader(), "test")
    assert (looked_up[short.text], looked_up[long.text]) == (True, False)
