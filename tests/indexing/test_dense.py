"""FAISS against brute force, exact and through the graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.indexing import dense
from bot.indexing.dense import EXACT_ROWS, DenseIndex, needs_graph, write_graph


def unit_rows(count: int, dimension: int = 24, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def brute_force(vectors: NDArray[np.float32], question: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    return np.argsort(-(vectors @ question), kind="stable")[:count]


def test_exact_search_is_brute_force(tmp_path: Path) -> None:
    vectors = unit_rows(500)
    np.save(tmp_path / "v.npy", vectors)
    index = DenseIndex(np.load(tmp_path / "v.npy", mmap_mode="r"))
    for question in unit_rows(20, seed=1):
        rows, cosines = index.search(question, 10)
        assert rows.tolist() == brute_force(vectors, question, 10).tolist()
        assert cosines == pytest.approx((vectors @ question)[rows], abs=1e-6)


def test_the_graph_finds_99_of_100_neighbours(tmp_path: Path) -> None:
    vectors = unit_rows(3000)
    assert write_graph(tmp_path / "g", vectors) >= 0.99
    index = DenseIndex(vectors, tmp_path / "g")
    found = []
    for question in unit_rows(50, seed=1):
        rows, cosines = index.search(question, 100)
        found.append(len(np.intersect1d(rows, brute_force(vectors, question, 100))))
        assert cosines == pytest.approx((vectors @ question)[rows], abs=1e-6)
        assert (np.diff(cosines) <= 0).all()
    assert np.mean(found) >= 99


def test_a_graph_is_searched_as_wide_as_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit_rows(1200, dimension=96)
    monkeypatch.setattr(dense, "GRAPH_SEARCH_BREADTHS", (100,))
    monkeypatch.setattr(dense, "GRAPH_LINKS", 4)
    assert write_graph(tmp_path / "narrow", vectors) < 0.99
    assert not (tmp_path / "narrow").exists()
    monkeypatch.setattr(dense, "GRAPH_SEARCH_BREADTHS", (100, 1200))
    assert write_graph(tmp_path / "wide", vectors) >= 0.99
    found = DenseIndex(vectors, tmp_path / "wide")
    assert len(np.intersect1d(found.search(vectors[5], 100)[0], brute_force(vectors, vectors[5], 100))) >= 98


def test_without_a_graph_search_is_exact(tmp_path: Path) -> None:
    vectors = unit_rows(50)
    rows, _ = DenseIndex(vectors, tmp_path / "absent").search(vectors[7], 20)
    assert rows.tolist() == brute_force(vectors, vectors[7], 20).tolist()


@pytest.mark.parametrize("through_graph", [False, True])
def test_asking_for_more_than_there_is_gives_every_row_once(tmp_path: Path, through_graph: bool) -> None:
    vectors = unit_rows(7)
    write_graph(tmp_path / "g", vectors)
    index = DenseIndex(vectors, tmp_path / "g" if through_graph else None)
    rows, cosines = index.search(vectors[3], 100)
    assert sorted(rows.tolist()) == list(range(7))
    assert rows[0] == 3
    assert len(cosines) == 7


class FewNeighbours:
    """Stands for a graph that finds fewer rows than were asked for."""

    def search(self, question: NDArray[np.float32], count: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        return np.array([[0.9, 0.8, -3.4e38]], dtype=np.float32), np.array([[4, 2, -1]])


def test_the_row_that_means_no_neighbour_is_removed() -> None:
    index = DenseIndex(unit_rows(7))
    index._graph = FewNeighbours()
    rows, cosines = index.search(unit_rows(1)[0], 3)
    assert rows.tolist() == [4, 2]
    assert cosines == pytest.approx([0.9, 0.8])


@pytest.mark.parametrize("count", [0, 5])
def test_nothing_can_be_found_in_nothing(count: int) -> None:
    rows, cosines = DenseIndex(unit_rows(0)).search(unit_rows(1)[0], count)
    assert (rows.tolist(), cosines.tolist()) == ([], [])


def test_the_graph_begins_one_row_after_the_last_exact_size() -> None:
    assert not needs_graph(EXACT_ROWS)
    assert needs_graph(EXACT_ROWS + 1)


def test_a_build_beyond_the_exact_size_is_searched_through_its_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.indexing import layout
    from bot.indexing.index import load_build
    from tests.factories import make_build

    monkeypatch.setattr(dense, "EXACT_ROWS", 9)
    report = make_build(tmp_path)
    assert (report.path / layout.PASSAGE_GRAPH).exists()
    assert not (report.path / layout.LABEL_GRAPH).exists()
    index = load_build(report.path)
    assert index.dense._graph is not None
    rows, _ = index.dense.search(index.encoder.encode_question("a trial").vector, 10)
    assert index.passages[int(rows[0])].source_id == "trials"
    assert sorted(rows.tolist()) == list(range(10))
