"""Messages with what they are -> the routing head: last layers and a linear layer over the kinds of messages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from bot.indexing.model import ModelFiles
from bot.training.lines import KINDS
from bot.training.trunk import Descent, Plan, Progress, Trunk

_TOKENS = 224
# Batches of texts of like length are drawn from a pool of so many, so that little is spent on padding.
_POOL = 8
# The linear layer begins from nothing, so it learns faster than the layers below it.
_CLASSIFY_RATE = 5.0
_SMOOTHING, _DROPOUT = 0.05, 0.1
# A kind with fewer messages than this weighs more, by the square root of what it lacks, at most so much.
_ENOUGH, _MOST_WEIGHT = 600, 3.0
# The share of messages that are read in small letters, without punctuation, or with two letters changed about.
_SMALL, _BARE, _SWAPPED = 0.15, 0.08, 0.05


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A text with what it is, one of ``KINDS``."""

    text: str
    kind: str


def train_routing_head(
    files: ModelFiles,
    messages: Sequence[KnownMessage],
    plan: Plan,
    *,
    checkpoint: Path | None,
    progress: Progress,
    goes_on: bool = False,
) -> tuple[Any, Any]:
    """Return the layers of the routing head, and its linear layer.

    :param plan: how long and how fast; a batch is so many messages.
    :param goes_on: begin from the head that ships, not from the model's own layers.
    """
    random.seed(plan.seed)
    torch.manual_seed(plan.seed)
    trunk = Trunk(files)
    if goes_on:
        shipped = trunk.shipped_head("routing")
        layers, classify = shipped.layers.train(), shipped.classify
    else:
        layers = trunk.new_head().train()
        classify = _classify(layers[0].attention.self.query.in_features)
    groups = [{"params": layers.parameters()}, {"params": classify.parameters(), "lr": plan.rate * _CLASSIFY_RATE}]
    descent = Descent({"layers": layers, "classify": classify}, groups, plan, checkpoint)
    weights = _weights(messages)
    batches: list[list[KnownMessage]] = []
    for step in descent.steps():
        batches = batches or _batches(messages, plan.batch)
        descent.take(step, _loss(trunk, layers, classify, batches.pop(), weights))
        progress("Training the routing head", step + 1, plan.steps)
    return layers.eval(), classify.eval()


def _classify(dimension: int) -> Any:
    """A linear layer over the kinds that knows nothing yet."""
    classify = torch.nn.Linear(dimension, len(KINDS))
    torch.nn.init.zeros_(classify.weight)
    torch.nn.init.zeros_(classify.bias)
    return classify


def _loss(trunk: Trunk, layers: Any, classify: Any, batch: Sequence[KnownMessage], weights: Any) -> Any:
    means = torch.nn.functional.dropout(trunk.means(layers, [_typed(one.text) for one in batch], _TOKENS), _DROPOUT)
    told = torch.tensor([KINDS.index(one.kind) for one in batch])
    return torch.nn.functional.cross_entropy(classify(means), told, weight=weights, label_smoothing=_SMOOTHING)


def _weights(messages: Sequence[KnownMessage]) -> Any:
    counts = Counter(one.kind for one in messages)
    return torch.tensor([min(_MOST_WEIGHT, (_ENOUGH / max(counts[kind], 1)) ** 0.5) for kind in KINDS])


def _batches(messages: Sequence[KnownMessage], size: int) -> list[list[KnownMessage]]:
    pool = sorted(random.sample(messages, min(len(messages), size * _POOL)), key=lambda one: len(one.text))
    found = [pool[start : start + size] for start in range(0, len(pool), size)]
    random.shuffle(found)
    return found


def _typed(text: str) -> str:
    """A text as it may be typed in a hurry."""
    drawn = random.random()
    if drawn < _SMALL:
        text = text.lower()
        if drawn < _BARE:
            text = "".join(letter for letter in text if letter.isalnum() or letter.isspace())
    elif drawn < _SMALL + _SWAPPED and len(text) > 12:
        place = random.randrange(1, len(text) - 2)
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text
