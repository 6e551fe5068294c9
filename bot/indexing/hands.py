"""Embed on the cores of this machine; ``bot.indexing.cluster`` uses the workers of many machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.indexing.embed import Embeddable, Embedded, rows_of
from bot.indexing.encoder import Encoder, ReadingEncoder
from bot.indexing.spread import over_cores

Floats = NDArray[np.float32]


class Hands(Protocol):
    """An embedder that turns batches into rows, in order.

    A text gives the same bytes whoever embeds it and in whatever batch.
    """

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts."""

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield the (n, d) reading vectors of each batch, by the serving encoder in a folder."""


class OwnHands:
    """An embedder on the cores of this machine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts."""
        return over_cores(partial(rows_of, encoder=self._encoder), batches)

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield the (n, d) reading vectors of each batch, by the serving encoder in a folder."""
        return over_cores(ReadingEncoder(encoder).read_all, batches)
