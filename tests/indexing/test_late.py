"""Late interaction on bytes against the same on numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.indexing.embed import Embedded
from bot.indexing.late import ByteProducts, LateInteraction, quantize, write_dot_model
from bot.indexing.table import TableWriter, VectorTable

DIMENSION = 384


def unit_rows(count: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def products(folder: Path) -> ByteProducts:
    write_dot_model(folder / "dot.onnx", DIMENSION)
    return ByteProducts(folder / "dot.onnx")


def table_of(texts: list[NDArray[np.float32]], folder: Path) -> VectorTable:
    """A table of texts with these token vectors; the token's id is its number, its sentence half of that."""
    with TableWriter(folder / "rows", DIMENSION) as table:
        for tokens in texts:
            values, scales = quantize(tokens)
            ids = np.arange(len(tokens))
            table.add(
                Embedded(
                    digest=bytes(32),
                    vector=unit_rows(1, 0)[0],
                    values=values,
                    scales=scales,
                    token_ids=ids.astype(np.int32),
                    token_sentences=(ids // 2).astype(np.int16),
                    sentence_vectors=np.empty((0, DIMENSION), dtype=np.float16),
                )
            )
    return VectorTable(folder / "rows", DIMENSION)


def test_a_quantized_row_is_its_unit_row_within_half_a_level() -> None:
    rows = 7 * unit_rows(20, 1)
    values, scales = quantize(rows)
    error = (values.astype(np.float32) - 128) * scales[:, None] - unit_rows(20, 1)
    assert (np.abs(error) <= scales[:, None] * 0.501).all()


def test_cosines_of_bytes_are_those_of_numbers(tmp_path: Path) -> None:
    stored, question = unit_rows(200, 1), unit_rows(12, 2)
    question[0] = stored[0]
    found = products(tmp_path).cosines(*quantize(stored), question)
    assert found == pytest.approx(stored @ question.T, abs=0.01)
    assert found[0, 0] == pytest.approx(1, abs=0.01)


def test_the_largest_possible_bytes_do_not_overflow(tmp_path: Path) -> None:
    ones = np.ones((1, DIMENSION), dtype=np.float32) / np.sqrt(DIMENSION, dtype=np.float32)
    found = products(tmp_path).cosines(*quantize(np.vstack([ones, -ones])), ones)
    assert found[:, 0] == pytest.approx([1, -1], abs=0.01)


def test_the_best_cosine_of_each_text_is_found_in_the_order_asked(tmp_path: Path) -> None:
    texts = [unit_rows(5, 1), unit_rows(1, 2), unit_rows(0, 3), unit_rows(9, 4)]
    question = unit_rows(3, 5)
    late = LateInteraction(table_of(texts, tmp_path), products(tmp_path))
    found = late.best_cosines(question, np.array([3, 2, 0, 1, 0]))
    expected = [
        (texts[text] @ question.T).max(axis=0) if len(texts[text]) else np.full(3, -1) for text in (3, 2, 0, 1, 0)
    ]
    assert found == pytest.approx(np.stack(expected), abs=0.01)


def test_texts_without_tokens_have_the_lowest_cosine(tmp_path: Path) -> None:
    late = LateInteraction(table_of([unit_rows(0, 1)], tmp_path), products(tmp_path))
    assert late.best_cosines(unit_rows(2, 2), np.array([0])).tolist() == [[-1, -1]]


def test_the_cosines_of_all_tokens_of_some_texts_come_text_by_text(tmp_path: Path) -> None:
    first, other, tokens, question = unit_rows(3, 9), unit_rows(2, 8), unit_rows(5, 1), unit_rows(2, 2)
    table = table_of([first, other, tokens], tmp_path)
    found = LateInteraction(table, products(tmp_path)).cosines(question, np.array([2, 0]))
    assert found == pytest.approx(np.concatenate([tokens, first]) @ question.T, abs=0.01)
    assert table.token_sentences_of(2).tolist() == [0, 0, 1, 1, 2]


def test_texts_in_another_order_are_not_taken_for_one_run_though_they_are_as_many(tmp_path: Path) -> None:
    texts, question = [unit_rows(2, seed) for seed in range(4)], unit_rows(2, 9)
    found = LateInteraction(table_of(texts, tmp_path), products(tmp_path)).cosines(question, np.array([0, 2, 1, 3]))
    assert found == pytest.approx(np.concatenate([texts[n] for n in (0, 2, 1, 3)]) @ question.T, abs=0.01)


def test_tokens_are_counted_once_a_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.indexing.table._TEXTS_AT_ONCE", 2)
    table = table_of([unit_rows(3, 1), unit_rows(1, 2), unit_rows(0, 3), unit_rows(2, 4), unit_rows(3, 5)], tmp_path)
    table.token_ids = np.array([0, 0, 1, 2, 2, 1, 0, 0, 0])
    assert table.token_document_frequency(4).tolist() == [2, 2, 2, 0]
