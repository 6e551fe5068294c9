"""Retrieve candidate passages for a question from an Index, best first, with their signals.

Three retrievers propose candidates (dense vectors, BM25, and the labels of sources: titles, synonyms, authored
questions), late interaction over token vectors reads the proposals closely, and one weighted sum on absolute scales
ranks them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.answering.weights import LIMITS, RETRIEVAL, CandidateLimits, RetrievalWeights
from bot.indexing.encoder import TextVectors
from bot.indexing.index import Index
from bot.indexing.lexical import terms_of

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

# Enough passages to find the requested number of sources in any corpus of short documents.
_PASSAGES_A_SOURCE = 4


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages that may answer, best first; entry i of every array is about row ``rows[i]`` of the index.

    ``dense`` and ``label`` are cosines in [-1, 1]; ``lexical`` is BM25, 0 or more; ``late`` is the IDF-weighted mean,
    over the question's tokens, of the best cosine with a token of the passage or of a label of its source; ``score`` is
    the weighted sum.
    """

    rows: Rows
    score: Floats
    dense: Floats
    lexical: Floats
    label: Floats
    late: Floats
    token_weights: Floats
    terms: tuple[str, ...]
    question: TextVectors

    def __len__(self) -> int:
        return len(self.rows)

    def with_bonus(self, bonus: Floats) -> Candidates:
        """Return the same candidates with their scores raised, sorted again; ties keep their order.

        :param bonus: (candidates,) float32.
        """
        score = self.score + bonus
        order = np.argsort(-score, kind="stable")
        return self.in_order(order, score[order])

    def in_order(self, order: Rows, score: Floats) -> Candidates:
        """Return the candidates in another order.

        :param order: (candidates,) their current positions.
        :param score: (candidates,) in the new order.
        """
        per_candidate = ("rows", "dense", "lexical", "label", "late")
        moved = {name: getattr(self, name).take(order) for name in per_candidate}
        return replace(self, score=score, **moved)


def retrieve(
    index: Index,
    text: str,
    *,
    also: Rows | None = None,
    weights: RetrievalWeights = RETRIEVAL,
    limits: CandidateLimits = LIMITS,
) -> Candidates:
    """Return the candidates for a question, best first; ties keep the order of the corpus.

    :param also: rows to include whatever their score.
    :returns: at most ``limits.candidates`` plus those of ``also``; the best ``limits.read`` were read closely.
    """
    question = index.encoder.encode_question(text)
    terms = tuple(terms_of(text))
    lexical_all = index.lexical.scores(terms)
    also = np.empty(0, dtype=np.int64) if also is None else also
    rows = _proposals(index, question.vector, lexical_all, limits)
    if rows is not index.rows:
        rows = np.union1d(rows, also)
    dense = index.table.cosines(question.vector, rows)
    lexical = lexical_all[rows]
    label = _label_cosines(index, question.vector, rows)
    score = weights.dense * dense + weights.lexical * lexical / weights.lexical_scale + weights.label * label
    # Stable, so that equal scores keep the order of the corpus.
    order = np.argsort(-score, kind="stable")
    kept, others = order[: limits.candidates], order[limits.candidates :]
    kept = np.concatenate([kept, others[np.isin(rows[others], also)]])
    found = Candidates(
        rows=rows[kept],
        score=score[kept],
        dense=dense[kept],
        lexical=lexical[kept],
        label=label[kept],
        late=np.empty(len(kept), dtype=np.float32),
        token_weights=index.token_weights(question.token_ids),
        terms=terms,
        question=question,
    )
    return _read_closely(index, found, weights.late, limits.read) if len(kept) else found


def _label_cosines(index: Index, vector: Floats, rows: Rows) -> Floats:
    """Return the best cosine of a label of each row's source; handle a collection without rows."""
    if not len(rows):
        return np.empty(0, dtype=np.float32)
    return index.labels.best_cosines(vector, index.labels.runs_of(index.source_of_row[rows]))


def _read_closely(index: Index, found: Candidates, weight: float, depth: int) -> Candidates:
    """Return the candidates with ``late`` computed and added to their scores, best first.

    The labels of all candidates are read. Passages are read for the best ``depth`` by the scores so far, where late
    interaction with labels counts half (run "reading depth"). A passage that was not read gets the lowest ``late`` of
    those that were, or its labels' if that is lower.
    """
    tokens = found.question.tokens
    similarity = index.labels.best_token_cosines(tokens, index.labels.runs_of(index.source_of_row[found.rows]))
    # einsum, because matmul and dot occasionally warn of an invalid value where there is none.
    late = np.einsum("ij,j->i", similarity, found.token_weights)
    best = np.argsort(-(found.score + weight * late / 2), kind="stable")[:depth]
    closely = np.maximum(similarity[best], index.late.best_cosines(tokens, found.rows[best]))
    read = np.einsum("ij,j->i", closely, found.token_weights)
    if len(best) < len(late):
        late = np.minimum(late, read.min())
    late[best] = read
    return replace(found, late=late).with_bonus(weight * late)


def rank_sources(
    index: Index, candidates: Candidates, *, weights: RetrievalWeights = RETRIEVAL
) -> list[tuple[str, float]]:
    """Return source ids with scores, best first, as a run file ranks them.

    A source's score adds up the best of each signal over its passages, which measured better than its best passage (run
    "passages to documents": SciFact .745 against .743, FAQ .895 against .891).

    :param candidates: from ``retrieve``.
    """
    sources, position = np.unique(index.source_of_row[candidates.rows], return_inverse=True)
    total = np.zeros(len(sources), dtype=np.float32)
    for signal, weight in (
        (candidates.dense, weights.dense),
        (candidates.lexical, weights.lexical / weights.lexical_scale),
        (candidates.label, weights.label),
        (candidates.late, weights.late),
    ):
        best = np.full(len(sources), -np.inf, dtype=np.float32)
        np.maximum.at(best, position, signal)
        total += np.float32(weight) * best
    order = np.argsort(-total, kind="stable")
    return [(index.sources.ids[int(sources[entry])], float(total[entry])) for entry in order]


def rank_by_one_signal(
    index: Index, text: str, method: Literal["dense", "lexical"], count: int
) -> list[tuple[str, float]]:
    """Return source ids as one retriever alone ranks them by their best passage: the baseline for fusion.

    :param count: the most sources to return.
    :returns: ids with that retriever's scores, best first.
    """
    if method == "lexical":
        scores = index.lexical.scores(terms_of(text))
        rows = np.argsort(-scores, kind="stable")[: count * _PASSAGES_A_SOURCE]
        rows = rows[scores[rows] > 0]
        found = scores[rows]
    else:
        rows, found = index.dense.search(index.encoder.encode_question(text).vector, count * _PASSAGES_A_SOURCE)
    best: dict[str, float] = {}
    for row, score in zip(rows, found, strict=True):
        best.setdefault(index.sources.ids[int(index.source_of_row[row])], float(score))
    return list(best.items())[:count]


def _proposals(index: Index, vector: Floats, lexical: Floats, limits: CandidateLimits) -> Rows:
    """Return the rows that any retriever proposes, ascending."""
    if len(index.rows) <= limits.whole_corpus:
        return index.rows
    dense_rows, _ = index.dense.search(vector, limits.dense)
    named = [index.rows_of_source(int(source)) for source in index.labels.nearest_sources(vector, limits.labels)]
    return np.unique(np.concatenate([dense_rows, _best(lexical, limits.lexical), *named])).astype(np.int64)


def _best(scores: Floats, count: int) -> Rows:
    """Return the rows of the highest positive scores, in no order."""
    if len(scores) > count:
        rows = np.argpartition(-scores, count)[:count]
        return np.asarray(rows[scores[rows] > 0], dtype=np.int64)
    return np.asarray(np.flatnonzero(scores > 0), dtype=np.int64)
