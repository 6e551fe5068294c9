"""Beside a single explainer, a question that names nothing is answered from it or offered it, and chatter is not."""

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


@pytest.fixture(scope="module")
def alone(encoded: Path) -> Iterator[Answerer]:
    settings = replace(Settings(), index=encoded)
    wiring.ingest(settings, [EXPLAINERS / "natural-history-studies.md"], lambda step, done, total: None)
    return wiring.open_answerer(wiring.store_of(settings))[0]


@pytest.mark.parametrize(
    "question", ["do they pay for travel", "does this cost us money", "is there any treatment in it"]
)
def test_a_question_that_leans_on_the_only_explainer_is_answered_from_it_or_offered_it(
    alone: Answerer, question: str
) -> None:
    answer = alone.answer(question)
    assert {snippet.source.id for snippet in (*answer.snippets, *answer.near)} == {"natural-history-studies"}


def test_a_question_that_names_its_topic_is_answered(alone: Answerer) -> None:
    assert alone.answer("what is a natural history study?").status == "answered"


@pytest.mark.parametrize("question", ["is it going to rain", "turn this song up", "does SMA lead to it"])
def test_chatter_and_other_names_are_not_made_to_fit(alone: Answerer, question: str) -> None:
    assert alone.answer(question).status.startswith("unanswered_")
