"""What the reader is told about a candidate's source, beside the sources of the others."""

from __future__ import annotations

from collections import Counter
from math import isfinite
from pathlib import Path

import pytest

from bot.answering.judge import CandidateScorer, ScoredCandidate
from bot.answering.reader import packaged_reader
from bot.answering.spelling import Speller
from bot.indexing.index import load_build
from bot.records import Source
from tests.factories import corpus, make_build


def judged(folder: Path, sources: list[Source], question: str) -> list[ScoredCandidate]:
    """The candidates for a question in a Build of some sources, in the order in which they were found."""
    index = load_build(make_build(folder, sources).path)
    scorer = CandidateScorer(index, packaged_reader(), Speller(index.vocabulary, index.common_words))
    return sorted(scorer.look_up(question).judged, key=lambda entry: entry.position)


def test_each_source_has_its_share_of_the_candidates_and_of_the_first_five(tmp_path: Path) -> None:
    found = judged(tmp_path, corpus(), "gene in every cell and the heart")
    owners = [entry.source.id for entry in found]
    assert len(set(owners)) > 1
    shares, first = Counter(owners), Counter(owners[:5])
    for entry in found:
        assert entry.signals["source_share"] == pytest.approx(shares[entry.source.id] / len(found))
        assert entry.signals["source_first"] == first[entry.source.id]
        assert entry.signals["sources_among_first"] == len(first)


@pytest.mark.parametrize(("lead", "of"), [("source_window_lead", "window"), ("source_asked_lead", "asked")])
def test_a_source_leads_by_its_best_candidate_over_the_best_of_the_others(tmp_path: Path, lead: str, of: str) -> None:
    found = judged(tmp_path, corpus(), "gene in every cell and the heart")
    for entry in found:
        own = max(one.signals[of] for one in found if one.source.id == entry.source.id)
        others = max(one.signals[of] for one in found if one.source.id != entry.source.id)
        assert entry.signals[lead] == pytest.approx(own - others, abs=1e-6)


def test_the_only_source_leads_over_the_least_of_its_own(tmp_path: Path) -> None:
    for entry in judged(tmp_path, corpus()[:1], "gene"):
        assert isfinite(entry.signals["source_window_lead"])
        assert entry.signals["source_window_lead"] >= 0
        assert entry.signals["source_share"] == 1
