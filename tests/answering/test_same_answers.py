"""Whether FAISS or an engine searches the vectors of the shipped corpus, its questions get the same answers.

A sample; all questions are asked by ``python -m bench.answers --proposed``, without and with BOT_ENGINE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answering.answer import Answerer
from bot.answering.retrieve import retrieve
from bot.answering.weights import LIMITS
from bot.indexing.collection import narrowed
from bot.indexing.engine import Engine
from bot.indexing.index import Index, load_build, tags_of
from bot.indexing.manifest import read_manifest
from bot.indexing.publishing import publish
from bot.settings import Settings
from bot.wiring import store_of
from tests.real_engine import empty_engine, real_engine

pytestmark = pytest.mark.model

EACH = 6


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with real_engine() as server, empty_engine(server, "shipped") as (_, made):
        yield made


@pytest.fixture
def both(shipped: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> tuple[Index, Index]:
    """The same Build, searched here and there; all of it is read only where it is small, which is switched off."""
    assert retrieve.__kwdefaults__ is not None
    monkeypatch.setitem(retrieve.__kwdefaults__, "limits", replace(LIMITS, whole_corpus=0))
    build = store_of(shipped).pointed()
    assert build is not None
    publish(engine, build, read_manifest(build))
    return load_build(build), load_build(build, engine)


def test_questions_are_answered_alike(both: tuple[Index, Index], shipped: Settings) -> None:
    here, there = both
    asked = 0
    tags = sorted(tags_of(shipped.index / here.build_id))[:2]
    for narrow in ([], *([tag] for tag in tags)):
        one, other = Answerer(narrowed(here, narrow)), Answerer(narrowed(there, narrow))
        questions = one.offered()
        for question in questions[:: max(1, len(questions) // EACH)]:
            assert one.answer(question) == other.answer(question)
            assert one.rank(question, 100) == other.rank(question, 100)
            asked += 1
    assert asked >= 3 * EACH


def test_the_same_passages_are_nearest(both: tuple[Index, Index]) -> None:
    here, there = both
    for question in ("What is gene therapy?", "can my baby be tested before birth", "who pays for a trial"):
        vector = here.encoder.encode_question(question).vector
        rows, cosines = here.dense.search(vector, 100)
        found, their_cosines = there.dense.search(vector, 100)
        assert found.tolist() == rows.tolist()
        assert their_cosines == pytest.approx(cosines, abs=1e-6)
