"""Heads are trained in a few steps over a few lines, stopped, gone on with, written and read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from bot.indexing import heads
from bot.indexing.heads import packaged_card, packaged_head
from bot.indexing.model import DEFAULT_MODEL, ModelFiles, find_model
from bot.records import BankQuestion, Source
from bot.training import trunk
from bot.training.lines import KINDS, FamilyLine
from bot.training.reading import PublicPair, train_reading_head
from bot.training.routing import KnownMessage, train_routing_head
from bot.training.trunk import Plan, Trunk, mean_with_shipped, write_head
from tests.factories import corpus, passages, source

pytestmark = [pytest.mark.model, pytest.mark.slow]

PLAN = Plan(steps=3, rate=1e-3, batch=2, keep_every=2)
MESSAGES = [KnownMessage(f"message number {number} of a kind", kind) for number, kind in enumerate(KINDS)]
Train = Callable[[ModelFiles, Path, Callable[[str, int, int], None]], tuple[object, object]]


class Stopped(Exception):
    """What ends a training from outside."""


def a_source(of: Source) -> Source:
    """A source whose first sentence answers a question of the bank."""
    end = of.text.index(".") + 1
    return source(of.id, of.text, title=of.title, bank=(BankQuestion(f"what about {of.title}", ((0, end),)),))


def reading(files: ModelFiles, checkpoint: Path, progress: Callable[[str, int, int], None]) -> tuple[object, object]:
    sources = [a_source(one) for one in corpus()]
    families = [
        FamilyLine("does the heart ever rest", "right", ("hearts",), ("It rests between two beats.",)),
        FamilyLine("nothing is marked here", "right", ("hearts",)),
    ]
    public = [PublicPair("who was first on the moon", "Moon. Two people landed there in 1969.")]
    every = [passage for one in sources for passage in passages(one)]
    plan = Plan(steps=3, rate=1e-3, batch=4, keep_every=2)
    head = train_reading_head(files, sources, every, families, public, plan, checkpoint=checkpoint, progress=progress)
    return head, None


def routing(files: ModelFiles, checkpoint: Path, progress: Callable[[str, int, int], None]) -> tuple[object, object]:
    return train_routing_head(files, MESSAGES, PLAN, checkpoint=checkpoint, progress=progress)


@pytest.fixture(scope="module")
def files() -> ModelFiles:
    return find_model(DEFAULT_MODEL)


@pytest.mark.parametrize("train", [reading, routing])
def test_a_training_that_was_stopped_goes_on_where_it_was_kept(files: ModelFiles, tmp_path: Path, train: Train) -> None:
    checkpoint, seen = tmp_path / "head.pt", list[int]()

    def stop_at_the_last(step: str, done: int, total: int) -> None:
        if done == total:
            raise Stopped

    with pytest.raises(Stopped):
        train(files, checkpoint, stop_at_the_last)
    assert torch.load(checkpoint, weights_only=True)["step"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["head.pt"]
    train(files, checkpoint, lambda step, done, total: seen.append(done))
    assert seen == [3]


@pytest.mark.parametrize("train", [reading, routing])
def test_what_was_learnt_is_written_and_read_again_with_its_card(
    files: ModelFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, train: Train
) -> None:
    from transformers import AutoModel

    monkeypatch.setattr(trunk, "FOLDER", tmp_path)
    monkeypatch.setattr(heads, "_packaged", tmp_path.joinpath)
    layers, classify = train(files, tmp_path / "head.pt", lambda step, done, total: None)
    own = Trunk(files).new_head().state_dict()
    learnt = layers.state_dict()  # type: ignore[attr-defined]
    assert any(not torch.equal(own[key], value) for key, value in learnt.items())

    name = "reading" if train is reading else "routing"
    card = write_head(name, files, layers, classify, () if classify is None else KINDS)  # type: ignore[arg-type]
    assert packaged_card(name) == card  # type: ignore[arg-type]
    read = packaged_head(name, files.sha256, AutoModel.from_pretrained(files.location))  # type: ignore[arg-type]
    assert read is not None
    for key, value in read.layers.state_dict().items():
        # Half precision is what is written.
        assert torch.allclose(value, learnt[key], atol=2e-3, rtol=2e-3)
    assert (read.classify is None) is (classify is None)


def test_more_messages_are_learnt_from_where_the_head_that_ships_stands(files: ModelFiles, tmp_path: Path) -> None:
    def nothing(step: str, done: int, total: int) -> None: ...

    shipped = Trunk(files).shipped_head("routing")
    plan = Plan(steps=1, rate=1e-9, batch=2)
    _, on = train_routing_head(files, MESSAGES, plan, checkpoint=None, progress=nothing, goes_on=True)
    _, afresh = train_routing_head(files, MESSAGES, plan, checkpoint=None, progress=nothing)
    assert torch.allclose(on.weight, shipped.classify.weight, atol=1e-4)
    assert not torch.allclose(afresh.weight, shipped.classify.weight, atol=1e-4)


def test_the_mean_of_a_head_and_the_one_that_ships_lies_half_way(files: ModelFiles) -> None:
    shipped = Trunk(files).shipped_head("routing")
    learnt = Trunk(files).shipped_head("routing")
    with torch.no_grad():
        learnt.classify.bias += 1.0
    mean_with_shipped("routing", files, learnt.layers, learnt.classify)
    assert torch.allclose(learnt.classify.bias, shipped.classify.bias + 0.5)
    assert torch.allclose(learnt.classify.weight, shipped.classify.weight)
