"""Embed on the workers of a Dask cluster (docs/adr/0025-ingest-on-a-cluster.md).

Rows come in order, the same bytes as this machine makes; a batch whose worker is lost goes to another. Only this module
imports Dask, and it is only imported if a cluster is configured.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import distributed
import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError, ClusterUnavailable
from bot.indexing.embed import Embeddable, Embedded, embeddable, rows_of
from bot.indexing.encoder import CARD_FILE, MODEL_FILE, TOKENIZER_FILE, Encoder, EncoderCard, ReadingEncoder
from bot.indexing.spread import in_order

Floats = NDArray[np.float32]
Work = Callable[[Any], Any]
Opened = Callable[[], tuple[EncoderCard, Work]]

# How long to look for a scheduler with a worker, and how long the cluster may be without any worker.
CONNECT_S, WORKERLESS_S = 10.0, 60.0
# Batches that are with the workers or wait here for an earlier one. A batch of passages takes about a megabyte.
AHEAD = 128
_PROBE = "Two copies of this gene are usual, one from each parent; a few people have three."
_START_SOME = "Start some: `python -m dask worker ADDRESS --nthreads 1`, in the folder of this program."


class WorkerDiffers(Exception):
    """A worker cannot make the same rows as this machine; the message says which worker and why."""


class Tool(distributed.WorkerPlugin):
    """The plugin by which a worker processes batches; it is first tried on a probe, so that no row can differ."""

    def __init__(self, name: str, opened: Opened, own: tuple[EncoderCard, Work], probe: Any) -> None:
        self.name = name
        self._opened, self._probe = opened, probe
        self._card, work = own
        self._expected = _digest(work(probe))
        self._refused = ""

    def setup(self, worker: Any) -> None:
        """Open the encoder on a worker, and try it on the probe.

        :raises WorkerDiffers: if its result is not this machine's.
        """
        who = f"worker {worker.name} at {worker.address}"
        try:
            card, self._work = self._opened()
        except BotError as error:
            self._refused = f"{who} has no encoder: {error}"
        else:
            if card != self._card:
                self._refused = f"{who} has another encoder, {_named(card)}, and {_named(self._card)} is wanted"
            elif _digest(self._work(self._probe)) != self._expected:
                self._refused = f"{who} has the same encoder, but other packages or another kind of processor: "
                self._refused += "its vectors differ in their last digits"
        if self._refused:
            raise WorkerDiffers(self._refused)

    def do(self, batch: Any) -> Any:
        """Return the result of a batch; a worker that was refused when it joined processes none."""
        if self._refused:
            raise WorkerDiffers(self._refused)
        return self._work(batch)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_work"}


class Cluster:
    """A scheduler and its workers; each worker's encoder must be the same as this machine's, to the byte."""

    def __init__(self, address: str, open_encoder: Callable[[], Encoder], encoder: Encoder) -> None:
        """Connect to a scheduler.

        :param address: of the scheduler, such as ``tcp://10.0.0.5:8786``.
        :param open_encoder: opens the encoder of record; it is sent to the workers.
        :raises ClusterUnavailable: if there is no scheduler with a worker after ``CONNECT_S``.
        """
        self.address = address
        self._open_encoder, self._encoder = open_encoder, encoder
        self._tools: list[str] = []
        # Only part of it has types.
        dask: Any = distributed
        try:
            self._client = dask.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            remedy = "Start one, `python -m dask scheduler`, or name the right one."
            raise ClusterUnavailable(address, f"no scheduler answers there within {CONNECT_S:.0f} s", remedy) from error
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            self.__exit__()
            raise ClusterUnavailable(address, "it has no worker", _START_SOME) from error

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            for name in self._tools:
                self._client.unregister_worker_plugin(name)
        self._client.close()

    def embed(self, batches: Iterable[Sequence[Embeddable]]) -> Iterator[list[Embedded]]:
        """Yield the rows of each batch of texts."""
        probe = [embeddable(_PROBE, [(0, len(_PROBE))], "")]
        opened, own = partial(_embedding, self._open_encoder), _embedding(lambda: self._encoder)
        yield from self._spread(Tool("explainer-embed", opened, own, probe), batches)

    def read(self, encoder: Path, batches: Iterable[Sequence[str]]) -> Iterator[Floats]:
        """Yield the (n, d) reading vectors of each batch, by the serving encoder in a folder.

        The encoder's files are sent to the workers.
        """
        files = {name: (encoder / name).read_bytes() for name in (MODEL_FILE, TOKENIZER_FILE, CARD_FILE)}
        opened = partial(_reading, files)
        yield from self._spread(Tool("explainer-read", opened, opened(), [_PROBE]), batches)

    def _spread(self, tool: Tool, batches: Iterable[Any]) -> Iterator[Any]:
        self._tools.append(tool.name)
        try:
            self._client.register_plugin(tool)
            yield from in_order(partial(self._begin, tool.name), batches, AHEAD)
        except WorkerDiffers as error:
            raise ClusterUnavailable(self.address, str(error), "End it, or give it what this machine has.") from error
        except (ImportError, distributed.KilledWorker, CancelledError, OSError) as error:
            raise ClusterUnavailable(self.address, f"{type(error).__name__}: {error}", _START_SOME) from error

    def _begin(self, name: str, batch: Any) -> Callable[[], Any]:
        """Submit a batch, and fetch its result as soon as it is done, so that losing the worker later loses nothing."""
        there = self._client.submit(_do, name, batch, pure=False)
        here: Future[Any] = Future()
        there.add_done_callback(partial(_fetch, here))
        return partial(self._wait, here)

    def _wait(self, here: Future[Any]) -> Any:
        while True:
            try:
                return here.result(timeout=WORKERLESS_S)
            except TimeoutError:
                if self._client.status != "running" or not self._client.nthreads():
                    raise ClusterUnavailable(self.address, "no worker is left", _START_SOME) from None


def _fetch(here: Future[Any], there: Any) -> None:
    try:
        here.set_result(there.result())
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits gets it
        here.set_exception(error)


def _do(name: str, batch: Any) -> Any:
    tool: Any = distributed.get_worker().plugins[name]
    return tool.do(batch)


def _embedding(open_encoder: Callable[[], Encoder]) -> tuple[EncoderCard, Work]:
    encoder = open_encoder()
    return encoder.card, partial(rows_of, encoder=encoder)


def _reading(files: dict[str, bytes]) -> tuple[EncoderCard, Work]:
    with TemporaryDirectory() as scratch:
        for name, content in files.items():
            (Path(scratch) / name).write_bytes(content)
        encoder = ReadingEncoder(Path(scratch))
    return encoder.card, encoder.read_all


def _digest(rows: Any) -> str:
    return hashlib.sha256(pickle.dumps(rows)).hexdigest()


def _named(card: EncoderCard) -> str:
    return f"{card.name} with SHA-256 {card.sha256[:12]}, export {card.export_version}"
