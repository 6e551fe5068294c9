"""Every number of retrieval and answering, each with the run that chose it.

``docs/evaluation.md`` holds the runs. The names are those of its tables: SciFact, GARD (original and synonym
questions) and the FAQ set, development splits only. "Left one out" means: chosen on the other sets, read on this one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetrievalWeights:
    """How the signals of a passage add up to its score.

    All signals are on absolute scales (cosines in [-1, 1]; BM25 divided by ``lexical_scale``), so a score means the
    same whatever the other candidates are; run "fusion scales" found absolute scales at least as good as min-max and
    z-scores when one set was left out, and they are what a confidence can be read from.
    """

    # Run "fusion weights": coordinate ascent on the mean nDCG@10 of the four columns; the optimum is flat.
    dense: float = 0.6
    lexical: float = 0.2
    late: float = 1.3
    label: float = 0.5
    # A BM25 score of 40 is that of a question of six rare words all found; it only sets the unit of ``lexical``.
    lexical_scale: float = 40.0


@dataclass(frozen=True, slots=True)
class CandidateLimits:
    """How many passages each step looks at."""

    # Run "candidates": recall@100 of the union is within .002 of twice as many from each.
    dense: int = 100
    lexical: int = 100
    labels: int = 30
    # Run "reranking depth": SciFact .737, .739, .741, .743 at 30, 50, 80, 120; the other sets do not move after 30.
    reranked: int = 100


RETRIEVAL = RetrievalWeights()
LIMITS = CandidateLimits()


@dataclass(frozen=True, slots=True)
class AnsweringLimits:
    """How an answer is put together."""

    # How many candidates are weighed for an answer; the right source is among the first ten for 99 % of the
    # development questions that have one.
    judged: int = 10
    # Added to the score of a passage whose section fits the question's kind; run "fitting sections".
    fitting_section: float = 0.08
    sources: int = 2
    compared_sources: int = 3
    # A second source is shown when it is nearly as sure as the first.
    second_share: float = 0.9
    suggestions: int = 3
    related: int = 3
    first_suggestions: int = 6


ANSWERING = AnsweringLimits()
