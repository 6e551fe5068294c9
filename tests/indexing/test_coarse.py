"""Exact cosines of some rows, and the nearest rows by their bytes."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering import reader
from bot.answering.reader import QuestionReading
from bot.indexing.coarse import CoarseRows, Floats, cosines_of


@pytest.fixture(scope="module")
def rows() -> Floats:
    """Three thousand directions, some of them near each other."""
    drawn = np.random.default_rng(3).normal(size=(3000, 64))
    drawn[1::2] = drawn[::2] + 0.3 * drawn[1::2]
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def test_the_cosine_of_a_row_is_the_same_whatever_is_asked_beside_it(rows: Floats) -> None:
    some = np.asarray([2999, 5, 5, 17])
    found = cosines_of(rows, some, rows[4])
    np.testing.assert_allclose(found, rows[some] @ rows[4], atol=1e-6)
    assert found.tolist() == [float(cosines_of(rows, some[i : i + 1], rows[4])[0]) for i in range(4)]
    assert cosines_of(rows, some[:0], rows[4]).shape == (0,)


@pytest.mark.parametrize("question", [0, 1, 1234])
def test_no_other_row_is_nearer_than_what_is_said_of_the_others(rows: Floats, question: int) -> None:
    exact = rows @ rows[question]
    numbers, cosines, limit = CoarseRows(rows).nearest(rows[question], 50)
    np.testing.assert_allclose(cosines, exact[numbers], atol=1e-6)
    others = np.delete(exact, numbers)
    assert len(numbers) == 50
    assert others.max() <= limit
    # Near enough to be of use: a few hundredths above the last one that was found.
    assert limit < np.sort(exact)[-50] + 0.05
    assert set(np.argsort(-exact)[:10]) <= set(numbers.tolist())


def test_all_of_few_rows_are_found(rows: Floats) -> None:
    numbers, _, limit = CoarseRows(rows[:40]).nearest(rows[3], 50)
    assert (numbers.tolist(), limit) == (list(range(40)), -1.0)


class _Table:
    """Two sentences a passage."""

    def __init__(self, passages: int) -> None:
        self.sentence_offsets = np.arange(0, 2 * passages + 1, 2)


class _Windows:
    """Windows that nobody asks for."""

    def __init__(self, rows: Floats) -> None:
        self.vectors, self.bank = rows, rows[:0]
        self.coarse, self.coarse_bank = CoarseRows(rows), CoarseRows(self.bank)
        self.askers, self.asker_offsets = np.arange(0), np.zeros(len(rows) + 1, dtype=np.int64)


@pytest.mark.parametrize("looked_at", [200, 12])
@pytest.mark.parametrize("every", [1, 7, 400])
def test_the_nearest_passages_are_the_same_however_few_sentences_are_looked_at(
    rows: Floats, monkeypatch: pytest.MonkeyPatch, every: int, looked_at: int
) -> None:
    monkeypatch.setattr(reader, "_LOOKED_AT", looked_at)
    seen = np.arange(0, 1500, every)
    best = np.maximum(*(rows @ rows[8]).reshape(-1, 2).T)
    found = QuestionReading(_Windows(rows), _Table(1500), rows[8]).nearest(seen, 12)  # type: ignore[arg-type]
    assert found.tolist() == seen[np.argsort(-best[seen], kind="stable")[:12]].tolist()
