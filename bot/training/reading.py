"""The question bank, what families ask and public pairs -> the reading head, by contrast.

Each question is drawn to a sentence in its place that answers it, and away from the others of its batch, from one like
sentence of its own explainer or of another, and from what public questions are answered with, which keeps it general.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bot.indexing.model import ModelFiles
from bot.indexing.windows import window_texts
from bot.records import Passage, Source
from bot.training.lines import FamilyLine
from bot.training.trunk import Descent, Plan, Progress, Trunk

Floats = NDArray[np.float32]

_WINDOW_TOKENS, _QUESTION_TOKENS = 72, 160
# Cosines are multiplied by this before the cross-entropy, as sentence-transformers does.
_SCALE = 20.0
# How often hard negatives are looked up anew, in steps, and how many are kept for a question.
_REFRESH, _HARD, _FAR = 160, 8, 20
_OWN_SOURCE_SHARE = 0.6
# How often a hand's lines come in an epoch, beside the bank's: those of families, and those of conversations, which
# are few.
_FAMILIES_REPEAT, _TALKS_REPEAT = 2, 6


@dataclass(frozen=True, slots=True)
class PublicPair:
    """A public question and the beginning of what answers it."""

    question: str
    answer: str


@dataclass(slots=True)
class _Item:
    """A question with the windows that answer it, and those that must not be taken for wrong."""

    text: str
    source: str
    right: list[int]
    spared: set[int]
    near: list[int] = field(default_factory=list)
    far: list[int] = field(default_factory=list)


class _Windows:
    """Every sentence in its place: number i of ``texts`` is of ``passage[i]`` and ``source[i]``."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.texts = [text for passage in passages for text in window_texts(passage)]
        self.passage = np.repeat(np.arange(len(passages)), [len(passage.sentences) for passage in passages])
        self.source = [passage.source_id for passage in passages for _ in passage.sentences]
        self.spans = [sentence.span for passage in passages for sentence in passage.sentences]
        self.of_source: dict[str, list[int]] = defaultdict(list)
        for number, source in enumerate(self.source):
            self.of_source[source].append(number)

    def overlapping(self, source: str, begin: int, end: int) -> list[int]:
        """The sentences of a source that a span touches."""
        return [n for n in self.of_source[source] if self.spans[n][0] < end and begin < self.spans[n][1]]


def train_reading_head(
    files: ModelFiles,
    sources: Sequence[Source],
    passages: Sequence[Passage],
    families: Sequence[FamilyLine],
    public: Sequence[PublicPair],
    plan: Plan,
    *,
    checkpoint: Path | None,
    progress: Progress,
    goes_on: bool = False,
) -> Any:
    """Return the layers of the reading head.

    :param sources: with their question banks; one that is not given is left out of all that is learnt.
    :param families: what families ask; lines without quotes are passed over.
    :param goes_on: begin from the head that ships, not from the model's own layers.
    """
    random.seed(plan.seed)
    torch.manual_seed(plan.seed)
    trunk, windows = Trunk(files), _Windows(passages)
    layers = trunk.shipped_head("reading").layers if goes_on else trunk.new_head()
    descent = Descent({"layers": layers}, [{"params": layers.parameters()}], plan, checkpoint)
    items = _items(sources, families, windows)
    order: list[_Item] = []
    for step in descent.steps():
        if step % _REFRESH == 0 or not items[0].far:
            _find_negatives(trunk, layers.eval(), items, windows)
            layers.train()
        if len(order) < plan.batch:
            order = random.sample(items, len(items))
        batch = [order.pop() for _ in range(plan.batch)]
        descent.take(step, _loss(trunk, layers, batch, windows, _draw(public, plan.batch // 8)))
        progress("Training the reading head", step + 1, plan.steps)
    return layers.eval()


def _draw(public: Sequence[PublicPair], count: int) -> list[PublicPair]:
    return random.sample(public, min(count, len(public)))


def _items(sources: Sequence[Source], families: Sequence[FamilyLine], windows: _Windows) -> list[_Item]:
    texts = {source.id: source.text for source in sources}
    items = [
        _Item(question.text, source.id, right, set(right))
        for source in sources
        for question in source.bank
        if (right := [n for b, e in question.spans for n in windows.overlapping(source.id, b, e)])
    ]
    for line in families:
        source = next((name for name in line.sources if name in texts), None)
        if source is None or not line.quotes:
            continue
        right = _windows_of(line.quotes, source, texts[source], windows)
        spared = {n for name, text in texts.items() for n in _windows_of(line.also, name, text, windows)}
        if right:
            items += [_Item(line.reading, source, right, {*right, *spared})] * (
                _TALKS_REPEAT if line.after else _FAMILIES_REPEAT
            )
    return items


def _windows_of(quotes: Sequence[str], source: str, text: str, windows: _Windows) -> list[int]:
    found = [(text.find(quote), len(quote)) for quote in quotes]
    return [n for begin, size in found if begin >= 0 for n in windows.overlapping(source, begin, begin + size)]


@torch.no_grad()
def _find_negatives(trunk: Trunk, layers: Any, items: Sequence[_Item], windows: _Windows) -> None:
    """The sentences that a question is nearest to and that do not answer it, of its own source and of others."""
    vectors = _unit_all(trunk, layers, windows.texts, _WINDOW_TOKENS)
    asked = _unit_all(trunk, layers, [item.text for item in items], _QUESTION_TOKENS)
    for item, scores in zip(items, asked @ vectors.T, strict=True):
        beside = {n + step for n in item.right for step in (-1, 0, 1)} | item.spared
        own = sorted(windows.of_source[item.source], key=lambda n: -scores[n])
        item.near = [n for n in own if n not in beside][:_HARD]
        best = np.argsort(-scores)
        item.far = [int(n) for n in best[: len(own) + _FAR] if windows.source[n] != item.source][:_FAR]


def _unit_all(trunk: Trunk, layers: Any, texts: Sequence[str], max_tokens: int) -> Floats:
    blocks = [trunk.means(layers, texts[start : start + 256], max_tokens) for start in range(0, len(texts), 256)]
    found: Floats = torch.nn.functional.normalize(torch.cat(blocks), dim=1).numpy()
    return found


def _loss(trunk: Trunk, layers: Any, batch: Sequence[_Item], windows: _Windows, public: Sequence[PublicPair]) -> Any:
    right = [random.choice(item.right) for item in batch]
    wrong = [_negative(item) for item in batch]
    shown = [*right, *wrong]
    texts = [*(windows.texts[n] for n in shown), *(pair.answer for pair in public)]
    asked = [*(item.text for item in batch), *(pair.question for pair in public)]
    documents = torch.nn.functional.normalize(trunk.means(layers, texts, _WINDOW_TOKENS), dim=1)
    questions = torch.nn.functional.normalize(trunk.means(layers, asked, _QUESTION_TOKENS), dim=1)
    scores = questions @ documents.T * _SCALE
    scores = scores.masked_fill(torch.from_numpy(_spared(batch, shown, right, windows, scores.shape)), -1e4)
    target = [*range(len(batch)), *range(len(shown), len(shown) + len(public))]
    return torch.nn.functional.cross_entropy(scores, torch.tensor(target))


def _negative(item: _Item) -> int:
    near = item.near and (random.random() < _OWN_SOURCE_SHARE or not item.far)
    return random.choice(item.near if near else item.far)


def _spared(
    batch: Sequence[_Item], shown: Sequence[int], right: Sequence[int], windows: _Windows, shape: Sequence[int]
) -> NDArray[np.bool_]:
    """What is not held against a question: sentences that answer it too, and others of the passage of its answer."""
    mask = np.zeros(tuple(shape), dtype=bool)
    numbers = np.asarray(shown)
    for row, item in enumerate(batch):
        mask[row, : len(shown)] = np.isin(numbers, list(item.spared))
        mask[row, : len(shown)] |= windows.passage[numbers] == windows.passage[right[row]]
        mask[row, [row, len(batch) + row]] = False
    return mask
