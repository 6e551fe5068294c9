"""Score rankings and answers against gold data.

The ranking measures are trec_eval's, through ir_measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, R, Success, nDCG

from bot.measuring.gold import GoldAnswer
from bot.statuses import AnswerStatus

Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class RankingScores:
    """Means over the judged questions, each in 0..1; a question without any ranked document counts as 0."""

    ndcg_at_10: float
    mrr_at_10: float
    recall_at_100: float
    hit_at_1: float
    questions: int


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Shares in 0..1: ``right`` and ``wrong`` of the answerable questions, ``answered_unanswerable`` of the others."""

    right: float
    wrong: float
    answered_unanswerable: float
    answerable: int
    unanswerable: int


def score_rankings(grades: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Ranking]) -> RankingScores:
    """Return nDCG@10 (linear gain, as in trec_eval), MRR@10, recall@100 and hit@1.

    :param grades: question id to document id to grade, 1 or more.
    :param rankings: question id to documents with scores, best first; ties are broken by the order given.
    :returns: the means over the questions in ``grades``.
    """
    measures = [nDCG @ 10, RR @ 10, R @ 100, Success @ 1]
    qrels = [ir_measures.Qrel(q, d, grade) for q, documents in grades.items() for d, grade in documents.items()]
    run = [
        # trec_eval sorts by score and breaks ties by name: using the rank as the score keeps the order given.
        ir_measures.ScoredDoc(question, document, -float(rank))
        for question, ranking in rankings.items()
        for rank, (document, _) in enumerate(ranking)
    ]
    found = ir_measures.calc_aggregate(measures, qrels, run)
    ndcg, mrr, recall, hit = (float(found[measure]) for measure in measures)
    return RankingScores(ndcg, mrr, recall, hit, len(grades))


def score_answers(gold: Sequence[GoldAnswer], given: Mapping[str, tuple[str, Sequence[str]]]) -> AnswerScores:
    """Return how often an answer was right, wrong or given where none should be.

    :param given: question id to the answer's status and the source ids of its snippets.
    :returns: the shares; an answer is right if its first snippet is from one of the right sources.
    """
    answerable = [entry for entry in gold if entry.answerable]
    others = [entry for entry in gold if not entry.answerable]
    answered = {key: sources for key, (status, sources) in given.items() if status == AnswerStatus.ANSWERED and sources}
    right = sum(entry.id in answered and answered[entry.id][0] in entry.sources for entry in answerable)
    wrong = sum(entry.id in answered and answered[entry.id][0] not in entry.sources for entry in answerable)
    false_answers = sum(entry.id in answered for entry in others)
    return AnswerScores(
        right / max(1, len(answerable)),
        wrong / max(1, len(answerable)),
        false_answers / max(1, len(others)),
        len(answerable),
        len(others),
    )
