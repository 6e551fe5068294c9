"""A question looked up alone, and as it reads in its conversation -> which of the two was meant.

Two regressions (``readings.json``), learnt by ``python -m bot fit-readings``: one sees how the question is put and what
it finds alone, and spares most questions the second look-up; the other weighs both look-ups. In: signs. Out: weights
for a decision. It must not look anything up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import msgspec

from bot.conversing.leaning import LeaningWeights

# What is taken over of the signs of leaning; the others count through its score.
_PUT = ("points", "that", "what about", "the", "words", "like the first", "new share", "joins", "one term")
_MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up came to: the best candidate's ``confidence``, which share of the typed question's terms it says
    (``coverage``, by their rarity), how near its nearest sentence is to the typed question (``cosine``), and its
    source. All 0 and ``None`` when there is no candidate.
    """

    confidence: float = 0.0
    coverage: float = 0.0
    cosine: float = 0.0
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingWeights:
    """``may_lean`` decides whether a reading is looked up at all, ``leans`` whether it is what was meant. Each decides
    from its floor on, in log-odds."""

    may_lean: LeaningWeights
    may_lean_floor: float
    leans: LeaningWeights
    leans_floor: float


def signs_alone(put: Mapping[str, float], leaning: float, alone: Found, terms: int) -> dict[str, float]:
    """Return what is known of a question before its reading is looked up.

    :param put: its signs of leaning.
    :param leaning: the score that they give.
    :param alone: what it finds by itself.
    :param terms: how many terms it has.
    :returns: by name.
    """
    return {name: put[name] for name in _PUT} | {
        "leaning": leaning,
        "confidence alone": alone.confidence,
        "cosine alone": alone.cosine,
        "terms": min(terms, _MOST_TERMS) / _MOST_TERMS,
    }


def signs_both(leaning: float, alone: Found, read: Found, terms: int, quoted: frozenset[str]) -> dict[str, float]:
    """Return what is known of a question and its reading.

    :param leaning: the score of how it is put.
    :param alone: what the question finds by itself.
    :param read: what its reading finds.
    :param terms: how many terms the question has.
    :param quoted: ids of the sources quoted before.
    :returns: by name.
    """
    return {
        "leaning": leaning,
        "confidence alone": alone.confidence,
        "confidence read": read.confidence,
        "coverage read": read.coverage,
        "cosine read": read.cosine,
        "cosine alone": alone.cosine,
        "quoted before": float(read.source_id in quoted),
        "terms": min(terms, _MOST_TERMS) / _MOST_TERMS,
    }


@lru_cache(maxsize=1)
def packaged_readings() -> ReadingWeights:
    """Return the weights that ship with the project.

    :returns: what ``python -m bot fit-readings`` wrote last.
    """
    content = resources.files(__package__).joinpath("readings.json").read_bytes()
    return msgspec.json.decode(content, type=ReadingWeights)
