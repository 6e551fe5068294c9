"""Embed texts into rows of vectors, reusing those that an earlier Build already holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.errors import EncoderUnavailable
from bot.indexing.encoder import Encoder, EncoderCard, TextVectors
from bot.indexing.late import quantize
from bot.indexing.spread import in_batches

Floats = NDArray[np.float32]
# Texts given to a core or a worker at once: half a second's work, and what a lost worker costs.
BATCH = 16


@dataclass(frozen=True, slots=True)
class Embeddable:
    """A text to embed, with the spans of its sentences.

    ``digest`` identifies text, spans and encoder.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Embedded:
    """The rows of one text.

    ``vector`` is (d,). For the t tokens kept there are ``values`` (t, d), ``scales`` (t,), ``token_ids`` (t,) and
    ``token_sentences`` (t,), the number of each token's sentence or -1 for the heading. ``sentence_vectors`` (s, d) are
    unit rows.
    """

    digest: bytes
    vector: Floats
    values: NDArray[np.uint8]
    scales: Floats
    token_ids: NDArray[np.int32]
    token_sentences: NDArray[np.int16]
    sentence_vectors: NDArray[np.float16]


def embeddable(text: str, sentences: Sequence[tuple[int, int]], encoder_key: str) -> Embeddable:
    """Return a text with the digest under which its rows can be found again.

    :param sentences: spans in ``text``, ascending.
    """
    key = "\x1f".join((encoder_key, text, repr(tuple(sentences))))
    return Embeddable(text, tuple(sentences), hashlib.sha256(key.encode()).digest())


Hand = Callable[[Iterable[Sequence[Embeddable]]], Iterable[list[Embedded]]]


def embed(
    items: Sequence[Embeddable],
    rows_of_batches: Hand,
    reusable: Callable[[bytes], Embedded | None],
    progress: Callable[[int], None],
) -> Iterator[tuple[Embedded, bool]]:
    """Yield the rows of each text in order, and whether they were reused.

    :param rows_of_batches: embeds batches of texts, in order.
    :yields: rows, and true if the encoder was not needed.
    """
    missing = (item for item in items if reusable(item.digest) is None)
    fresh = chain.from_iterable(rows_of_batches(in_batches(missing, BATCH)))
    for done, item in enumerate(items, start=1):
        rows = reusable(item.digest)
        yield (next(fresh), False) if rows is None else (rows, True)
        progress(done)


def rows_of(items: Sequence[Embeddable], encoder: Encoder) -> list[Embedded]:
    """Return the rows of each text, in order.

    :raises EncoderUnavailable: if the encoder gives vectors that cannot be searched.
    """
    card = encoder.card
    unused = np.asarray(card.unused_token_ids, dtype=np.int32)
    vectors = encoder.encode_texts([item.text for item in items])
    return [_rows_of(item, one, card, unused) for item, one in zip(items, vectors, strict=True)]


def _rows_of(item: Embeddable, vectors: TextVectors, card: EncoderCard, unused: NDArray[np.int32]) -> Embedded:
    kept = ~np.isin(vectors.token_ids, unused)
    _check(vectors, card)
    values, scales = quantize(vectors.tokens[kept]) if kept.any() else _nothing(vectors.tokens.shape[1])
    starts = vectors.token_spans[:, 0]
    bounds = np.asarray([start for start, _ in item.sentences], dtype=np.int64)
    numbers = (np.searchsorted(bounds, starts, side="right") - 1).astype(np.int16)
    sentence_vectors = [
        _mean(vectors.states[kept & (numbers == number)], vectors.vector) for number in range(len(item.sentences))
    ]
    return Embedded(
        digest=item.digest,
        vector=vectors.vector,
        values=values,
        scales=scales,
        token_ids=vectors.token_ids[kept],
        token_sentences=numbers[kept],
        sentence_vectors=np.asarray(sentence_vectors, dtype=np.float16).reshape(-1, len(vectors.vector)),
    )


def _mean(states: Floats, instead: Floats) -> Floats:
    """Return the unit mean of a sentence's states, or its passage's vector if it lies beyond what the encoder reads."""
    if not len(states):
        return instead
    mean = states.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _nothing(dimension: int) -> tuple[NDArray[np.uint8], Floats]:
    return np.empty((0, dimension), dtype=np.uint8), np.empty(0, dtype=np.float32)


def _check(vectors: TextVectors, card: EncoderCard) -> None:
    """Reject vectors that are not of unit length: the model is broken, and a search over them would be silently wrong.

    :raises EncoderUnavailable: for such vectors.
    """
    lengths = np.linalg.norm(np.vstack([vectors.vector[None], vectors.tokens]), axis=1)
    if not np.allclose(lengths, 1, atol=1e-3) or not np.isfinite(vectors.states).all():
        found = "it gave a vector that is zero, not finite or not of unit length"
        raise EncoderUnavailable(card.name, found, "Name another model in BOT_MODEL, or install this one again.")
