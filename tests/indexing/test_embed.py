"""Texts to rows: the order, the groups, and what is counted."""

from __future__ import annotations

import pytest

from bot.indexing import embed as module
from bot.indexing.embed import embed, embeddable
from bot.indexing.hands import OwnHands
from tests.factories import TOPICS, FakeEncoder


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_rows_come_in_the_order_of_the_texts_however_they_are_batched(
    monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    texts = [f"{topic} {'x ' * (7 * number % 5)}" for number, topic in enumerate(TOPICS)]
    items = [embeddable(text, [(0, len(text))], "key") for text in texts]
    told: list[int] = []
    rows = list(embed(items, OwnHands(FakeEncoder()).embed, lambda digest: None, told.append))
    assert [one.digest for one, _ in rows] == [item.digest for item in items]
    assert [int(one.vector.argmax()) for one, _ in rows] == list(range(len(TOPICS)))
    assert told == sorted(told)
    assert told[-1] == len(TOPICS)


def test_known_rows_keep_their_place_among_new_ones() -> None:
    items = [embeddable(topic, [], "key") for topic in TOPICS]
    own = OwnHands(FakeEncoder())
    earlier = {one.digest: one for one, _ in embed(items[::2], own.embed, lambda digest: None, lambda done: None)}
    encoder = FakeEncoder()
    rows = list(embed(items, OwnHands(encoder).embed, earlier.get, lambda done: None))
    assert [int(one.vector.argmax()) for one, _ in rows] == list(range(len(TOPICS)))
    assert [known for _, known in rows] == [number % 2 == 0 for number in range(len(TOPICS))]
    assert sorted(encoder.embedded) == sorted(TOPICS[1::2])
