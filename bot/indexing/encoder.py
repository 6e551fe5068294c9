"""Encode text into vectors for serving, with the model of record exported to ONNX int8, without torch.

``encode_question`` gives all that answering needs in one forward pass. It takes one text at a time, because dynamic
int8 quantisation takes its scale from the whole batch, and a question's vector must not depend on its neighbours.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.indexing.runtime import open_session

Floats = NDArray[np.float32]

# onnxruntime's fused node for "add, then normalise a layer" takes three times as long as the two nodes it replaces.
_DISABLED_OPTIMIZERS = ("SkipLayerNormFusion",)
# One question is encoded to check for danger, for what it leans on and for its answer; the cache is large enough that a
# worker's threads do not evict it meanwhile.
_LATELY = 16

MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "model.onnx", "tokenizer.json", "encoder.json"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """The identity of an encoder: enough to tell whether the vectors of two encoders can be compared.

    ``token_layer`` is the transformer layer that outputs the token vectors, counted from 1. ``export_version``
    identifies how the serving copy is made; it does not change what vectors mean. ``heads`` are the SHA-256 of the
    encoder's heads, by name; ``kinds`` are what the routing head tells apart.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    token_layer: int
    unused_token_ids: tuple[int, ...]
    export_version: int = 1
    heads: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextVectors:
    """The vectors of a text.

    ``vector`` (d,) is float32 of unit length. For each token, special ones included, there are ``token_ids`` (t,)
    int32, ``token_spans`` (t, 2) int32 character positions, ``tokens`` (t, d) float32 unit rows, and ``states`` (t, d)
    float32, the last layer, whose mean gives the vector. ``reading`` (d,) float32 is the unit vector of the reading
    head, trained on what families ask; it is the vector itself if the model has no such head. ``kinds`` (k,) float32
    are the routing head's log-probabilities of each kind of message; empty if the model has no such head.
    """

    vector: Floats
    token_ids: NDArray[np.int32]
    token_spans: NDArray[np.int32]
    tokens: Floats
    states: Floats
    reading: Floats
    kinds: Floats = field(default_factory=lambda: np.empty(0, dtype=np.float32))


class Encoder(Protocol):
    """An encoder of passages for ingest; rows come in the order of the texts."""

    @property
    def card(self) -> EncoderCard:
        """The identity of this encoder."""

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return the vectors of each text, in order."""

    def save_for_serving(self, folder: Path) -> None:
        """Write the files that ``OnnxEncoder`` opens into a folder."""


class OnnxEncoder:
    """The serving encoder of a Build; its session is made on first use, because reading a Build needs none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session: Any = None
        self._tokenizer: Any = None
        self.card = read_card(folder)
        self._lately = lru_cache(maxsize=_LATELY)(self._encode)

    def encode_question(self, text: str) -> TextVectors:
        """Return the vectors of one text.

        :param text: any text; what lies beyond the card's ``max_tokens`` is not read.
        :returns: its vectors; do not change them, because they are cached for the most recent texts.
        """
        return self._lately(text)

    def _encode(self, text: str) -> TextVectors:
        self._open()
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        outputs = self._session.run(None, {"input_ids": ids})
        found = {name: rows[0] for name, rows in zip(self._outputs, outputs, strict=True)}
        return TextVectors(
            vector=found["vector"],
            token_ids=ids[0].astype(np.int32),
            token_spans=np.asarray(encoding.offsets, dtype=np.int32),
            tokens=found["tokens"],
            states=found["states"],
            reading=found.get("reading", found["vector"]),
            kinds=found.get("kinds", np.empty(0, dtype=np.float32)),
        )

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a unit-length row for each text.

        :returns: (n, d) float32.
        """
        if not texts:
            return np.empty((0, self.card.dimension), dtype=np.float32)
        return np.stack([self.encode_question(text).vector for text in texts])

    def warm_up(self) -> None:
        """Open the session and run it once, so that the first question does not wait for it."""
        self.encode_question("warm up")

    def _open(self) -> None:
        if self._session is not None:
            return
        self._tokenizer = _open_tokenizer(self._folder, self.card.max_tokens)
        self._session = open_session(self._folder / MODEL_FILE, disabled_optimizers=_DISABLED_OPTIMIZERS)
        self._outputs = [output.name for output in self._session.get_outputs()]


class ReadingEncoder:
    """The part of a serving encoder that gives only its reading vectors, for ingest: half the work of the whole."""

    def __init__(self, folder: Path) -> None:
        import onnx
        from onnx.utils import Extractor

        self.card = read_card(folder)
        self._tokenizer = _open_tokenizer(folder, self.card.max_tokens)
        model = onnx.load(str(folder / MODEL_FILE))
        outputs = [output.name for output in model.graph.output]
        self._output = "reading" if "reading" in outputs else "vector"
        part = Extractor(model).extract_model(["input_ids"], [self._output])
        self._session = open_session(part.SerializeToString(), disabled_optimizers=_DISABLED_OPTIMIZERS)

    def read(self, text: str) -> Floats:
        """Return the reading vector of one text: (d,) float32 of unit length."""
        ids = np.asarray([self._tokenizer.encode(text).ids], dtype=np.int64)
        return np.asarray(self._session.run([self._output], {"input_ids": ids})[0][0], dtype=np.float32)

    def read_all(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text, (n, d) float32; each text is read alone."""
        return np.stack([self.read(text) for text in texts])


def _open_tokenizer(folder: Path, max_tokens: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def save_or_take(encoder: Encoder, folder: Path, exported: Path | None) -> None:
    """Export an encoder for serving, or copy an earlier export of the same one.

    :param folder: an empty folder.
    """
    if exported is not None and read_card(exported) == encoder.card:
        shutil.copytree(exported, folder, dirs_exist_ok=True)
    else:
        encoder.save_for_serving(folder)


def read_card(folder: Path) -> EncoderCard:
    """Return the card of an exported encoder."""
    fields = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    lists = {name: tuple(fields.get(name, ())) for name in ("unused_token_ids", "kinds")}
    return EncoderCard(**{**fields, **lists})


def unused_token_ids(tokenizer: Any) -> tuple[int, ...]:
    """Return the ids of tokens without a letter or digit: special tokens and punctuation, which match anything.

    :param tokenizer: a ``tokenizers.Tokenizer``.
    :returns: ascending ids.
    """
    special = {identifier for identifier, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    silent = {i for word, i in tokenizer.get_vocab().items() if not any(char.isalnum() for char in word)}
    return tuple(sorted(special | silent))
