"""What families come with: topics stand under it, and who has no words yet finds a first question there."""

from __future__ import annotations

from collections import Counter

import pytest

from bot import wiring
from bot.settings import Settings
from bot.web.needs import all_needs, by_need, need_of, starts_of

from .sources import source


def test_a_source_stands_under_the_need_that_names_it_else_under_its_own_first_tag() -> None:
    assert need_of(source("newly-diagnosed", "N", "Text.", tags=("daily life",))) == "diagnosis"
    assert need_of(source("a", "A", "Text.", tags=("curious", "treatment", "genetics"))) == "research"
    assert need_of(source("b", "B", "Text.", tags=("curious",))) == "other"


def test_needs_stand_in_their_order_and_empty_ones_are_left_out() -> None:
    found = by_need([source("b", "B", "Text."), source("a", "A", "Text.", tags=("clinical trials",))])
    assert [(name, [one.id for one in listed]) for name, listed in found.items()] == [
        ("trials", ["a"]),
        ("other", ["b"]),
    ]


def test_only_questions_whose_source_is_there_and_belongs_to_the_site_are_offered() -> None:
    there = [source("gene-therapy", "G", "Text.", tags=("treatment",)), source("biomarkers", "B", "Text.")]
    assert starts_of(there) == {"research": ["What is gene therapy?", "What is a biomarker?"]}
    assert starts_of(there, ("treatment",)) == {"research": ["What is gene therapy?"]}


@pytest.mark.model
def test_every_first_question_is_answered_from_its_source_in_the_shipped_corpus(shipped: Settings) -> None:
    answerer, _ = wiring.open_answerer(wiring.store_of(shipped))
    for start in [start for need in all_needs() for start in need.starts]:
        answer = answerer.answer(start.text)
        assert answer.status == "answered", start.text
        assert start.source in {snippet.source.id for snippet in answer.snippets}, start.text


@pytest.mark.model
def test_few_sources_of_the_shipped_corpus_belong_to_no_need(shipped: Settings) -> None:
    answerer, _ = wiring.open_answerer(wiring.store_of(shipped))
    assert Counter(map(need_of, answerer.sources()))["other"] <= 5
