"""Texts in, rows of vectors out: only what an earlier Build does not already hold is embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.errors import EncoderUnavailable
from bot.indexing.encoder import Encoder, EncoderCard, TextVectors
from bot.indexing.late import quantize

Floats = NDArray[np.float32]
# Texts between two writes to disk, among which those of like length are embedded together; it bounds memory.
BLOCK = 1024
# Texts handed to the encoder at a time; their float vectors are in memory together.
GROUP = 64


@dataclass(frozen=True, slots=True)
class Embeddable:
    """A text to embed, with the spans of its sentences in it. ``digest`` names text, spans and encoder."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Embedded:
    """The rows of one text.

    ``vector`` (d,); for the t tokens kept ``values`` (t, d), ``scales`` (t,), ``token_ids`` (t,) and
    ``token_sentences`` (t,), the number of a token's sentence or -1 for the heading; ``sentence_vectors`` (s, d), unit
    rows.
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


def embed(
    items: Sequence[Embeddable],
    encoder: Encoder,
    reusable: Callable[[bytes], Embedded | None],
    progress: Callable[[int], None],
) -> Iterator[tuple[Embedded, bool]]:
    """Yield the rows of each text in order, with whether they were reused.

    :yields: rows, and true where the encoder was not asked.
    """
    for start in range(0, len(items), BLOCK):
        block = items[start : start + BLOCK]
        known = [reusable(item.digest) for item in block]
        missing = [item for item, rows in zip(block, known, strict=True) if rows is None]
        fresh = iter(_fresh(missing, encoder, progress, start + len(block) - len(missing)))
        for rows in known:
            yield (next(fresh), False) if rows is None else (rows, True)
        progress(start + len(block))


def _fresh(items: Sequence[Embeddable], encoder: Encoder, progress: Callable[[int], None], done: int) -> list[Embedded]:
    """Rows in the order of the items. Those of like length share a group, so that little is spent on padding."""
    card = encoder.card
    unused = np.asarray(card.unused_token_ids, dtype=np.int32)
    order = sorted(range(len(items)), key=lambda position: len(items[position].text))
    found: dict[int, Embedded] = {}
    for start in range(0, len(order), GROUP):
        group = order[start : start + GROUP]
        vectors = encoder.encode_texts([items[position].text for position in group])
        for position, one in zip(group, vectors, strict=True):
            found[position] = _rows_of(items[position], one, card, unused)
        progress(done + len(found))
    return [found[position] for position in range(len(items))]


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
    """The unit mean of a sentence's states; a sentence beyond what the encoder reads gets its passage's vector."""
    if not len(states):
        return instead
    mean = states.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _nothing(dimension: int) -> tuple[NDArray[np.uint8], Floats]:
    return np.empty((0, dimension), dtype=np.uint8), np.empty(0, dtype=np.float32)


def _check(vectors: TextVectors, card: EncoderCard) -> None:
    """Refuse what cannot be a unit vector: a model that gives it is broken, and a search over it is silently wrong."""
    lengths = np.linalg.norm(np.vstack([vectors.vector[None], vectors.tokens]), axis=1)
    if not np.allclose(lengths, 1, atol=1e-3) or not np.isfinite(vectors.states).all():
        found = "it gave a vector that is zero, not finite or not of unit length"
        raise EncoderUnavailable(card.name, found, "Name another model in BOT_MODEL, or install this one again.")
