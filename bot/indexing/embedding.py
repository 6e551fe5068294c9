"""Write the embedded rows of a Build to disk: passages, labels, and what the reading head reads.

Only what an earlier Build does not hold is embedded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bot.indexing import layout
from bot.indexing.embed import Embeddable, Embedded, embed, embeddable
from bot.indexing.encoder import EncoderCard, read_card
from bot.indexing.hands import Hands
from bot.indexing.jsonl import write_lines
from bot.indexing.manifest import read_manifest
from bot.indexing.table import TableWriter, VectorTable
from bot.indexing.windows import rows_by_digest, write_windows
from bot.records import Passage, Source

# Part of every row's digest: a change in how rows are made must not reuse rows made the old way.
ROWS_VERSION = "2"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Embedding:
    """The counts of texts reused from an earlier Build, and of its texts that are gone."""

    reused: int
    removed: int


def embed_passages(
    folder: Path,
    passages: Sequence[Passage],
    card: EncoderCard,
    hands: Hands,
    previous: Path | None,
    progress: Progress,
) -> Embedding:
    """Write the rows of all passages, and return how many were reused and how many earlier ones are gone.

    :param passages: in order.
    :param previous: an intact Build whose rows may be reused.
    """
    key = _encoder_key(card)
    items = [_item(passage, key) for passage in passages]
    told = partial(progress, "Embedding passages")
    return _embed_table(folder / layout.PASSAGE_TABLE, items, card, hands, previous, told)


def embed_labels(
    folder: Path,
    sources: Sequence[Source],
    card: EncoderCard,
    hands: Hands,
    previous: Path | None,
    progress: Progress,
) -> int:
    """Write the rows of each distinct label once, because sections of a disease share names; return the count.

    :param sources: in order.
    :param previous: an intact Build whose rows may be reused.
    """
    number: dict[str, int] = {}
    entries = [
        (position, number.setdefault(text, len(number)))
        for position, source in enumerate(sources)
        for text in layout.labels_of(source)
    ]
    write_lines(folder / layout.LABELS, number)
    np.save(folder / layout.LABEL_ENTRIES, np.asarray(entries, dtype=np.int64).reshape(-1, 2))
    items = [embeddable(text, (), _encoder_key(card)) for text in number]
    _embed_table(folder / layout.LABEL_TABLE, items, card, hands, previous, partial(progress, "Embedding names"))
    return len(number)


def embed_windows(
    folder: Path,
    passages: Sequence[Passage],
    sources: Sequence[Source],
    hands: Hands,
    previous: Path | None,
    progress: Progress,
) -> None:
    """Write the rows of what the reading head reads, by the serving encoder of this Build.

    :param folder: the Build being written; its serving encoder is already there.
    :param passages: in order.
    :param previous: an intact Build whose rows may be reused.
    """
    encoder = folder / layout.ENCODER
    card = read_card(encoder)
    same = previous is not None and read_card(previous / layout.ENCODER) == card
    known = rows_by_digest(previous / layout.WINDOWS, card.dimension) if previous is not None and same else {}
    total = sum(len(p.sentences) for p in passages) + sum(bool(q.spans) for s in sources for q in s.bank)
    told = partial(progress, "Embedding sentences")
    read = partial(hands.read, encoder)
    write_windows(folder / layout.WINDOWS, passages, sources, read, known, lambda done: told(done, total))


def _embed_table(
    folder: Path,
    items: Sequence[Embeddable],
    card: EncoderCard,
    hands: Hands,
    previous: Path | None,
    progress: Callable[[int, int], None],
) -> Embedding:
    old = _open_table(previous, folder.name, card)
    numbers = {} if old is None else old.numbers_by_digest()

    def reusable(digest: bytes) -> Embedded | None:
        number = numbers.get(digest)
        return None if old is None or number is None else old.rows_of(number)

    reused = 0
    with TableWriter(folder, card.dimension) as table:
        for rows, known in embed(items, hands.embed, reusable, lambda done: progress(done, len(items))):
            table.add(rows)
            reused += known
    return Embedding(reused, len(numbers.keys() - {item.digest for item in items}))


def _open_table(previous: Path | None, name: str, card: EncoderCard) -> VectorTable | None:
    if previous is None or read_manifest(previous).model_sha256 != card.sha256:
        return None
    return VectorTable(previous / name, card.dimension)


def _item(passage: Passage, key: str) -> Embeddable:
    text, before = layout.embedded_text(passage)
    first = passage.span[0]
    spans = [(s.span[0] - first + before, s.span[1] - first + before) for s in passage.sentences]
    return embeddable(text, spans, key)


def _encoder_key(card: EncoderCard) -> str:
    return f"{ROWS_VERSION} {card.sha256} {card.max_tokens} {card.token_layer}"
