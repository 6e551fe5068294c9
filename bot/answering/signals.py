"""Compute the named signals of candidates that the reader weighs.

The names are those of ``bot/models/reader.json``. Knows nothing of what the signals are worth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.evidence import MatchEvidence, QueryTerms
from bot.answering.question import Question
from bot.answering.reader import WindowCosines
from bot.answering.retrieve import Candidates
from bot.answering.sentences import SentenceSignals
from bot.answering.snippet import asks_number
from bot.answering.weights import RETRIEVAL

Floats = NDArray[np.float32]

# The margin assumed for a single source. Run "one source": ten explainers indexed one by one.
_LONE_MARGIN = 0.2
# The candidates whose sources are counted as the first ones.
_FIRST = 5
# Beyond this many unsaid names, more of them tell nothing.
_MOST_UNSAID = 4


def signals_of_question(
    found: Candidates, cosines: WindowCosines, asked: QueryTerms, question: Question, kinds: Sequence[str]
) -> dict[str, float]:
    """Return the signals that all candidates of a question share."""
    return {
        **_spread_of(cosines.window),
        **_kinds_of(found.question.kinds, kinds),
        "names_something": float(asked.names_something),
        "length": math.log(1 + len(asked.terms)),
        "asks_number": float(asks_number(question.text)),
    }


def signals_of_places(
    found: Candidates, cosines: WindowCosines, owners: NDArray[np.int64], count: int
) -> list[dict[str, float]]:
    """Return the retrieval signals of each of the first ``count`` candidates, in order.

    :param found: the candidates, best first.
    :param owners: (candidates,) the number of each one's source.
    """
    windows, asking, agreement = cosines.window, cosines.asked, _agreement(found, count)
    sources = _signals_of_sources(windows[:count], asking[:count], owners[:count])
    return [
        {
            **sources[position],
            "window": float(windows[position]),
            "asked": float(asking[position]),
            "dense": float(found.dense[position]),
            "late": float(found.late[position]),
            "label": float(found.label[position]),
            "lexical": float(found.lexical[position]) / RETRIEVAL.lexical_scale,
            "score": float(found.score[position]),
            "rank": float(position),
            "margin": _margin(found, owners, position),
            "agreement": float(agreement[position]),
        }
        for position in range(count)
    ]


def signals_of_evidence(evidence: MatchEvidence) -> dict[str, float]:
    """Return the signals of how a candidate's words match the question's."""
    return {
        "coverage": evidence.coverage,
        "named_exactly": float(evidence.named_exactly),
        "unsaid": float(min(evidence.unsaid, _MOST_UNSAID)),
    }


def signals_of_sentences(sentences: Floats, weighed: SentenceSignals) -> dict[str, float]:
    """Return the signals of a candidate's likeliest sentence.

    :param sentences: (s,) log-odds of each to answer.
    """
    best = int(sentences.argmax())
    return {
        "sentence": float(sentences[best]),
        **{f"sentence_{name}": float(weighed[name][best]) for name in ("window", "overlap", "lacks_number")},
    }


def _spread_of(best: Floats) -> dict[str, float]:
    """Return how near the best sentences are to a question and how far they stand out.

    :param best: (candidates,) each candidate's best cosine.
    """
    ranked = np.sort(best)[::-1]
    twenty = ranked[: min(20, len(ranked))]
    return {
        "nearest": float(ranked[0]),
        "nearest_five": float(ranked[:5].mean()),
        "nearest_twenty": float(twenty.mean()),
        "stands_out": float(ranked[0] - twenty[-1]),
    }


def _kinds_of(log_probabilities: Floats, names: Sequence[str]) -> dict[str, float]:
    """Return the routing head's log-odds of each kind of message, cut off at +-8."""
    found = {}
    for name, value in zip(names, log_probabilities, strict=True):
        probability = min(max(math.exp(value), 1e-6), 1 - 1e-6)
        found[f"kind_{name}"] = max(-8.0, min(8.0, math.log(probability / (1 - probability))))
    return found


def _signals_of_sources(windows: Floats, asking: Floats, owners: NDArray[np.int64]) -> list[dict[str, float]]:
    """Return how each candidate's source stands among those of all candidates.

    Run "sources": of ``family_dev``, with .02 of the refusals quoted, .816 get the right source and .120 a wrong one;
    without these signals .782 and .153.
    """
    same = owners[:, None] == owners
    share, first = same.mean(axis=1), same[:, :_FIRST].sum(axis=1)
    window_lead, asked_lead = _leads(windows, same), _leads(asking, same)
    among_first = float(len(np.unique(owners[:_FIRST])))
    return [
        {
            "source_share": float(share[position]),
            "source_first": float(first[position]),
            "source_window_lead": float(window_lead[position]),
            "source_asked_lead": float(asked_lead[position]),
            "sources_among_first": among_first,
        }
        for position in range(len(owners))
    ]


def _leads(values: Floats, same: NDArray[np.bool_]) -> Floats:
    """Return the lead of the best of each one's own source over the best of the others, or over the least if there are
    none."""
    own = np.where(same, values, -np.inf).max(axis=1, initial=-np.inf)
    others = np.where(same, -np.inf, values).max(axis=1, initial=-np.inf)
    return np.asarray(own - np.where(np.isneginf(others), values.min(initial=np.inf), others), dtype=np.float32)


def _margin(found: Candidates, owners: NDArray[np.int64], position: int) -> float:
    """Return the lead over the best candidate of another source, negative behind it; a usual value if there is none."""
    others = owners != owners[position]
    # Candidates come best first, so the first other one is the best of them.
    first = int(others.argmax())
    return float(found.score[position] - found.score[first]) if others[first] else _LONE_MARGIN


def _agreement(found: Candidates, count: int) -> Floats:
    """Return the mean of the reciprocal ranks by the two retrievers, in 0..1, for the first candidates."""
    ranks = [1 + (signal > signal[:count, None]).sum(axis=1) for signal in (found.dense, found.lexical)]
    return np.asarray((1 / ranks[0] + 1 / ranks[1]) / 2, dtype=np.float32)
