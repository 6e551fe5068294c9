"""Questions that ask the same come together as they come in, measured on a labelled set with the real model."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from math import comb

import numpy as np
import pytest

from bot import wiring
from bot.answering.gist import gist_of
from bot.dialogue.live import open_index
from bot.settings import Settings
from bot.triage.tickets.gists import nearness_of_same
from tests.structure.tree import TOP

QUESTIONS = TOP / "bench" / "questions"


def adjusted_rand(one: Sequence[object], other: Sequence[object]) -> float:
    """Hubert and Arabie's: 1 for the same grouping, 0 for what chance gives."""

    def pairs(groups: Sequence[object]) -> int:
        return sum(comb(count, 2) for count in Counter(groups).values())

    together, left, right = pairs(list(zip(one, other, strict=True))), pairs(one), pairs(other)
    expected = left * right / comb(len(one), 2)
    return (together - expected) / ((left + right) / 2 - expected)


def as_they_come(vectors: np.ndarray, order: Sequence[int], enough: Sequence[float]) -> dict[int, int]:
    """The group of each, by the rule of ``Gists``: the nearest mean, if it is near enough."""
    sums: list[np.ndarray] = []
    sizes: list[int] = []
    group: dict[int, int] = {}
    for number in order:
        near = np.array([total @ vectors[number] / size for total, size in zip(sums, sizes, strict=True)])
        if len(near) and near.max() >= enough[number]:
            place = int(near.argmax())
            sums[place] = sums[place] + vectors[number]
            sizes[place] += 1
        else:
            place = len(sums)
            sums.append(vectors[number])
            sizes.append(1)
        group[number] = place
    return group


def test_the_index_is_that_of_sums_done_by_hand() -> None:
    assert adjusted_rand("aabb", "xxyy") == 1
    assert adjusted_rand("aabb", "xyxy") == pytest.approx(-0.5)


@pytest.mark.model
@pytest.mark.slow
def test_tickets_that_ask_the_same_come_together_whatever_the_order(shipped: Settings) -> None:
    index, _ = open_index(wiring.store_of(shipped))
    labelled = [json.loads(line) for line in (QUESTIONS / "tickets" / "queries.jsonl").read_text().splitlines()]
    others = (QUESTIONS / "families" / "queries.jsonl").read_text().splitlines()[:300]
    texts = [entry["text"] for entry in labelled] + [json.loads(line)["text"] for line in others]
    gists = [gist_of(index, text) for text in texts]
    vectors, enough = np.stack([gist.vector for gist in gists]), [nearness_of_same(gist) for gist in gists]
    groups = [entry["group"] for entry in labelled]
    found = []
    for seed in range(20):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        grouped = as_they_come(vectors, order, enough)
        found.append(adjusted_rand(groups, [grouped[number] for number in range(len(groups))]))
    assert np.mean(found) >= 0.77
