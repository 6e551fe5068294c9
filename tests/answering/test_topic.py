"""Beside a single explainer, a question that names nothing is about that explainer, and that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import wiring
from bot.answering.answer import Answerer
from bot.settings import Settings

pytestmark = pytest.mark.model

EXPLAINERS = Path(__file__).parents[2] / "corpus" / "explainers"


def answerer_on(folder: Path, *slugs: str) -> Answerer:
    settings = replace(Settings(), index=folder)
    wiring.ingest(settings, [EXPLAINERS / f"{slug}.md" for slug in slugs], lambda step, done, total: None)
    return wiring.open_answerer(wiring.store_of(settings))[0]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    return answerer_on(tmp_path_factory.mktemp("alone"), "natural-history-studies")


@pytest.fixture(scope="module")
def beside_another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answerer]:
    return answerer_on(tmp_path_factory.mktemp("two"), "natural-history-studies", "genetic-testing")


def test_a_question_that_leans_on_the_only_explainer_is_read_as_being_about_it(alone: Answerer) -> None:
    sure, unsure = alone.answer("do they pay for travel"), alone.answer("does this cost us money")
    assert sure.status == "answered"
    assert "travel" in sure.snippets[0].text
    assert unsure.status in {"answered", "unanswered_near"}
    assert (unsure.snippets or unsure.near)[0].source.id == "natural-history-studies"


def test_the_same_question_beside_two_explainers_is_not_guessed_at(beside_another: Answerer) -> None:
    answer = beside_another.answer("does this cost us money")
    assert [notice.kind for notice in answer.notices] == []
    assert answer.status != "answered"


def test_a_question_that_names_its_topic_needs_no_guess(alone: Answerer) -> None:
    answer = alone.answer("what is a natural history study?")
    assert answer.status == "answered"
    assert [notice.kind for notice in answer.notices] == []


@pytest.mark.parametrize("question", ["is it going to rain", "turn this song up", "does SMA lead to it"])
def test_chatter_and_other_names_are_not_made_to_fit(alone: Answerer, question: str) -> None:
    assert alone.answer(question).status.startswith("unanswered_")
