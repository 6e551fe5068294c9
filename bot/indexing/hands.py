"""Who embeds: the cores of this machine. ``bot.indexing.cluster`` has the workers of many."""

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
    """What turns batches into rows, in order: for a text the same bytes whoever makes them, in whatever batch."""

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts."""

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield (n, d) reading vectors of each batch, by the serving encoder in a folder."""


class OwnHands:
    """The cores of this machine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts."""
        return over_cores(partial(rows_of, encoder=self._encoder), batches)

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield (n, d) reading vectors of each batch, by the serving encoder in a folder."""
        return over_cores(ReadingEncoder(encoder).read_all, batches)
