"""In a collection nothing from outside is found, and what is inside is found as if there were nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.indexing import dense as dense_module
from bot.indexing.collection import narrowed
from bot.indexing.dense import DenseIndex, write_graph
from bot.indexing.index import Index, load_build
from tests.factories import make_build, source

# A label of two sources, of which a collection may hold one.
SHARED = ("What is a gene?",)
RNG = np.random.default_rng(7)


def unit_rows(count: int, dimension: int = 16) -> NDArray[np.float32]:
    rows = RNG.normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def brute_force(
    vectors: NDArray[np.float32], seen: NDArray[np.bool_], question: NDArray[np.float32], count: int
) -> list[int]:
    cosines = np.where(seen, vectors @ question, -np.inf)
    return [int(row) for row in np.argsort(-cosines, kind="stable")[:count] if seen[row]]


@pytest.mark.parametrize("share", [0.002, 0.05, 0.5, 1.0])
def test_the_nearest_rows_that_can_be_seen_are_those_of_brute_force(share: float) -> None:
    vectors = unit_rows(3000)
    seen = RNG.random(len(vectors)) < share
    index = DenseIndex(vectors).only(seen)
    for question in unit_rows(20):
        rows, cosines = index.search(question, 25)
        assert rows.tolist() == brute_force(vectors, seen, question, 25)
        assert np.allclose(cosines, vectors[rows] @ question, atol=1e-6)


@pytest.mark.parametrize(("share", "exact_rows"), [(0.01, 500), (0.3, 500), (0.9, 500)])
def test_a_graph_finds_as_much_of_a_collection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, exact_rows: int
) -> None:
    monkeypatch.setattr(dense_module, "EXACT_ROWS", exact_rows)
    vectors = unit_rows(5000)
    assert write_graph(tmp_path / "graph", vectors) >= dense_module.RECALL
    seen = RNG.random(len(vectors)) < share
    index = DenseIndex(vectors, tmp_path / "graph").only(seen)
    found = []
    for question in unit_rows(30):
        rows, _ = index.search(question, 50)
        assert seen[rows].all()
        expected = brute_force(vectors, seen, question, 50)
        found.append(len(set(rows.tolist()) & set(expected)) / len(expected))
    assert np.mean(found) >= 0.99


def test_a_collection_of_nothing_finds_nothing() -> None:
    rows, cosines = DenseIndex(unit_rows(10)).only(np.zeros(10, dtype=bool)).search(unit_rows(1)[0], 5)
    assert len(rows) == len(cosines) == 0


def a_build(folder: Path) -> Index:
    return load_build(
        make_build(
            folder,
            [
                source(
                    "genes",
                    "A gene is a line of a recipe. It is read in every cell.",
                    tags=("Genetics",),
                    questions=SHARED,
                ),
                source(
                    "hearts", "The heart is a pump. A gene may matter.", tags=("body", "genetics"), questions=SHARED
                ),
                source("sleep", "Sleep mends the day. A gene may matter here too.", tags=("body",)),
                source("meals", "A diet is what you eat. A gene may matter there."),
            ],
        ).path
    )


def test_tags_are_compared_in_any_case_and_one_of_several_is_enough(tmp_path: Path) -> None:
    index = a_build(tmp_path)
    assert list(narrowed(index, ["GENETICS"]).sources) == ["genes", "hearts"]
    assert list(narrowed(index, ["genetics", "body"]).sources) == ["genes", "hearts", "sleep"]
    assert list(narrowed(index, ["none has this"]).sources) == []
    assert narrowed(index, []) is index


def test_a_collection_hides_what_is_outside_and_leaves_the_whole_as_it_was(tmp_path: Path) -> None:
    index = a_build(tmp_path)
    part = narrowed(index, ["genetics"])
    assert "sleep" not in part.sources
    assert part.sources.hides("sleep")
    assert not part.sources.hides("genes")
    assert not part.sources.hides("never heard of")
    assert len(part.sources) == 2
    assert len(index.sources) == 4
    owners = {index.passages[int(row)].source_id for row in part.rows}
    assert owners == {"genes", "hearts"}


def test_words_score_as_in_the_whole_corpus_inside_and_nothing_outside(tmp_path: Path) -> None:
    index = a_build(tmp_path)
    part = narrowed(index, ["genetics"])
    whole, inside = index.lexical.scores(["gene"]), part.lexical.scores(["gene"])
    assert inside[part.rows].tolist() == whole[part.rows].tolist()
    assert inside.sum() == whole[part.rows].sum() > 0
    assert part.lexical.document_frequency("gene") == index.lexical.document_frequency("gene")


def test_labels_lead_to_sources_of_the_collection_only(tmp_path: Path) -> None:
    index = a_build(tmp_path)
    part = narrowed(index, ["body"])
    vector = index.encoder.encode_question("gene").vector
    named = {index.sources.ids[int(number)] for number in part.labels.nearest_sources(vector, 30)}
    assert named == {"hearts", "sleep"}
