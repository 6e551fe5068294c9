"""Words, terms and BM25."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.indexing.lexical import K1, STOP_WORDS, B, LexicalIndex, terms_of, words_of, write_lexical

ROWS = [
    ["gene", "therapi", "gene"],
    ["heart"],
    ["gene", "heart", "beat", "beat", "beat", "rest"],
    [],
    ["therapi", "group"],
]


def index_of(rows: Sequence[Sequence[str]], folder: Path) -> LexicalIndex:
    write_lexical(folder / "lexical", rows)
    return LexicalIndex(folder / "lexical")


def bm25(rows: Sequence[Sequence[str]], question: Sequence[str]) -> list[float]:
    """Lucene's formula, summed by hand (Kamphuis et al. 2020, doi:10.1007/978-3-030-45442-5_4)."""
    mean_length = sum(map(len, rows)) / len(rows)
    scores = []
    for row in rows:
        counts, score = Counter(row), 0.0
        for term in question:
            frequency = sum(term in other for other in rows)
            idf = math.log(1 + (len(rows) - frequency + 0.5) / (frequency + 0.5))
            score += idf * counts[term] / (counts[term] + K1 * (1 - B + B * len(row) / mean_length))
        scores.append(score)
    return scores


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Type 2 diabetes", ["type", "2", "diabetes"]),
        ("X-linked, 11p15.5", ["x", "linked", "11p15", "5"]),
        ("p.Arg123", ["p", "arg123"]),
        ("Phelan\u2013McDermid", ["phelan", "mcdermid"]),
        ("Sjögren’s naïve", ["sjogren", "s", "naive"]),
        ("\ufb01brosis \uff33\uff28\uff21\uff2e\uff2b\uff13", ["fibrosis", "shank3"]),
        ("", []),
        ("…!?", []),
    ],
)
def test_words_are_lower_case_letters_and_digits(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_terms_are_stems_without_the_words_that_every_question_shares() -> None:
    assert terms_of("What are the causes of inherited diseases?") == ["caus", "inherit", "diseas"]
    assert terms_of("causing cause caused") == ["caus"] * 3
    assert terms_of(" ".join(STOP_WORDS)) == []


def test_scores_are_bm25_by_hand(tmp_path: Path) -> None:
    index = index_of(ROWS, tmp_path)
    for question in (["gene"], ["gene", "heart"], ["beat", "group", "therapi"], ["rest"]):
        assert index.scores(question) == pytest.approx(bm25(ROWS, question), abs=1e-5)


def test_every_row_has_a_score_and_an_empty_one_has_none(tmp_path: Path) -> None:
    index = index_of(ROWS, tmp_path)
    scores = index.scores(["gene", "heart", "therapi", "group"])
    assert len(index) == len(scores) == len(ROWS)
    assert (scores > 0).tolist() == [True, True, True, False, True]


def test_unknown_terms_add_nothing_and_repeated_ones_count_once(tmp_path: Path) -> None:
    index = index_of(ROWS, tmp_path)
    assert index.scores(["unknown"]).tolist() == [0] * len(ROWS)
    assert index.scores([]).tolist() == [0] * len(ROWS)
    assert index.scores(["gene", "gene", "unknown"]) == pytest.approx(index.scores(["gene"]))


def test_document_frequency_counts_rows(tmp_path: Path) -> None:
    index = index_of(ROWS, tmp_path)
    found = {term: index.document_frequency(term) for term in ("gene", "heart", "beat", "group", "unknown")}
    assert found == {"gene": 2, "heart": 2, "beat": 1, "group": 1, "unknown": 0}


def test_rows_without_any_term_can_be_indexed(tmp_path: Path) -> None:
    index = index_of([[], []], tmp_path)
    assert len(index) == 2
    assert index.scores(["gene"]).tolist() == [0, 0]
    assert np.isfinite(index.scores([""])).all()
