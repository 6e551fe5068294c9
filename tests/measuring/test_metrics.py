"""Measures against sums done by hand."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.measuring.gold import GoldAnswer, read_gold
from bot.measuring.metrics import score_answers, score_rankings
from bot.measuring.trec import write_run


def test_ranking_measures_are_those_of_a_sum_by_hand() -> None:
    grades = {"q1": {"a": 2, "b": 1}, "q2": {"c": 1}, "q3": {"d": 1}}
    found = score_rankings(grades, {"q1": [("b", 9.0), ("x", 8.0), ("a", 7.0)], "q2": [("c", 1.0)], "q3": []})
    ndcg_1 = (1 / log2(2) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3))
    assert found.ndcg_at_10 == pytest.approx((ndcg_1 + 1 + 0) / 3)
    assert found.mrr_at_10 == pytest.approx((1 + 1 + 0) / 3)
    assert found.recall_at_100 == pytest.approx((1 + 1 + 0) / 3)
    assert found.hit_at_1 == pytest.approx(2 / 3)


def test_ties_keep_the_order_given() -> None:
    assert score_rankings({"q": {"z": 1}}, {"q": [("z", 1.0), ("a", 1.0)]}).hit_at_1 == 1.0


def test_answers_are_right_wrong_or_needless() -> None:
    gold = [GoldAnswer("1", True, ("a",)), GoldAnswer("2", True, ("a",)), GoldAnswer("3", False, ())]
    given = {"1": ("answered", ["a"]), "2": ("answered", ["b", "a"]), "3": ("answered", ["a"])}
    scores = score_answers(gold, given)
    assert (scores.right, scores.wrong, scores.answered_unanswerable) == (0.5, 0.5, 1.0)


def test_a_run_file_has_the_trec_columns_and_replaces_the_old_one_whole(tmp_path: Path) -> None:
    run = tmp_path / "run.txt"
    run.write_text("old")
    assert write_run(run, [("q1", [("a", 2.0), ("b", 1.0)])]) == 2
    assert run.read_text().splitlines()[0].split() == ["q1", "Q0", "a", "1", "2.000000", "explainer-bot"]
    assert list(tmp_path.iterdir()) == [run]


def test_a_bad_line_of_gold_data_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\n")
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "t"}) + "\n{broken\n")
    with pytest.raises(CorpusError) as refused:
        read_gold(tmp_path)
    assert (refused.value.path, refused.value.line) == (str(tmp_path / "queries.jsonl"), 2)
