"""Find the danger in a message by its letters and words, and tell which language it may be in.

It uses a table of weights over hashed letters and signs, which ``python -m bot train languages`` learns from lines that
a clinician can read (ADR 0019). Nothing is encoded: a message takes less than a millisecond. Knows nothing of answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.safety.danger import SafetyFinding, SafetyResult
from bot.safety.lettergrams import fold, places_of, signs_in, weighed
from bot.safety.patterns import Kind

# Someone who does not breathe, wake or react is in danger now, whatever else is said.
_BODY_SIGNS = frozenset({"breath", "colour", "out", "seizure"})
KINDS = ("emergency", "crisis", "personal_medical", "general")


class LanguagesCard(msgspec.Struct, frozen=True):
    """The description of the table.

    ``run`` is what it was trained on; ``languages`` are those in Latin letters that it tells apart. ``urgent`` and
    ``near`` are the least log-odds of being urgent at which a message gets an urgent card, or the numbers to call
    beside its answer.
    """

    languages: tuple[str, ...]
    urgent: float
    near: float
    run: str


@dataclass(frozen=True, slots=True)
class LanguageScores:
    """The table's result for a message: log-odds of being urgent and of each of ``KINDS``, and language shares.

    ``urgent`` and ``kinds`` are learnt from other languages, ``urgent_in_english`` from English.
    """

    urgent: float
    urgent_in_english: float
    kinds: dict[str, float]
    languages: dict[str, float]


@dataclass(frozen=True, eq=False)
class LanguagesTable:
    """Weights of (places, outputs), int8 with a scale for each output: urgent, in English, ``KINDS``, languages."""

    card: LanguagesCard
    weights: NDArray[np.int8]
    scales: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    rarity: NDArray[np.float32]

    def tell(self, message: str) -> LanguageScores:
        """Return what the table says of a message; the most recent results are cached and shared."""
        return _told_lately(self, message)

    def _tell(self, message: str) -> LanguageScores:
        places = places_of(message)
        rows = np.asarray([place for place, _ in places], dtype=np.int64)
        counts = weighed(places, self.rarity[rows].tolist())
        sums = np.asarray(counts, dtype=np.float32) @ self.weights[rows].astype(np.float32)
        odds = (sums * self.scales + self.intercepts).tolist()
        first = 2 + len(KINDS)
        shares = [1 / (1 + math.exp(-value)) for value in odds[first:]]
        total = sum(shares) or 1.0
        languages = {name: share / total for name, share in zip(self.card.languages, shares, strict=True)}
        return LanguageScores(odds[0], odds[1], dict(zip(KINDS, odds[2:first], strict=True)), languages)

    def look(self, message: str) -> SafetyResult:
        """Return the danger in a message that is not in English."""
        told = self.tell(message)
        if told.urgent < self.card.urgent:
            return SafetyResult(None, is_near=told.urgent >= self.card.near)
        is_body = not _BODY_SIGNS.isdisjoint(signs_in(fold(message)))
        kind: Kind = "emergency" if is_body or told.kinds["emergency"] >= told.kinds["crisis"] else "crisis"
        return SafetyResult(SafetyFinding(kind, told.urgent - self.card.urgent, ()), is_near=True)


def urgent_by_words(message: str) -> float:
    """Return the log-odds that a message in English is urgent, by the table that ships with the project."""
    return packaged_languages().tell(message).urgent_in_english


# A message is scored to tell its language, to check for danger, and to check again at the end.
@lru_cache(maxsize=16)
def _told_lately(table: LanguagesTable, message: str) -> LanguageScores:
    return table._tell(message)


@lru_cache(maxsize=1)
def packaged_languages() -> LanguagesTable:
    """Return the table that ships with the project."""
    folder = resources.files("bot.models")
    card = msgspec.json.decode(folder.joinpath("languages.json").read_bytes(), type=LanguagesCard)
    with np.load(BytesIO(folder.joinpath("languages.npz").read_bytes()), allow_pickle=False) as read:
        rarity = read["rarity"].astype(np.float32) / 16
        return LanguagesTable(card, read["weights"], read["scales"], read["intercepts"], rarity)
