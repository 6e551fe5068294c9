"""Score an Answerer on a gold set: the pipeline beside its retrievers alone, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.answering.answer import Answerer, RankingMethod
from bot.errors import QuestionRejected
from bot.measuring.gold import GoldSet
from bot.measuring.metrics import AnswerScores, Ranking, RankingScores, score_answers, score_rankings

DEPTH = 100
SYSTEMS: dict[str, RankingMethod] = {"together": "together", "dense alone": "dense", "BM25 alone": "lexical"}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A line of the table: a system on a set, or on one group of its questions."""

    data: str
    group: str
    system: str
    scores: RankingScores


def evaluate(
    answerer: Answerer, gold: GoldSet, *, baselines: bool, progress: Callable[[int], None] = lambda done: None
) -> Iterator[ScoreRow]:
    """Yield the scores of each system, over all questions and over each group.

    :yields: rows, the pipeline first.
    """
    for name, method in SYSTEMS.items() if baselines else [("together", SYSTEMS["together"])]:
        rankings: dict[str, Ranking] = {}
        for done, question in enumerate(gold.questions, start=1):
            rankings[question.id] = _rank(answerer, question.text, method)
            progress(done)
        yield from score_by_group(gold, name, rankings)


def score_by_group(gold: GoldSet, system: str, rankings: dict[str, Ranking]) -> Iterator[ScoreRow]:
    """Yield the scores of one system's rankings over all questions, then over each group if there are several.

    :param rankings: question id to documents with scores, best first.
    """
    groups = sorted({question.group for question in gold.questions})
    for group in ["", *groups] if len(groups) > 1 else [""]:
        asked = [question.id for question in gold.questions if not group or question.group == group]
        grades = {identifier: gold.grades[identifier] for identifier in asked}
        scores = score_rankings(grades, {identifier: rankings[identifier] for identifier in asked})
        yield ScoreRow(gold.name, group, system, scores)


def evaluate_answers(answerer: Answerer, gold: GoldSet) -> AnswerScores:
    """Return the shares of right, wrong and needless answers to the questions of ``answers.jsonl``."""
    texts = {question.id: question.text for question in gold.questions}
    given = {}
    for entry in gold.answers:
        if entry.id in texts:
            answer = answerer.answer(texts[entry.id])
            given[entry.id] = (answer.status, [snippet.source.id for snippet in answer.snippets])
    return score_answers([entry for entry in gold.answers if entry.id in texts], given)


def _rank(answerer: Answerer, text: str, method: RankingMethod) -> Ranking:
    try:
        return answerer.rank(text, DEPTH, method=method)
    except QuestionRejected:
        return []
