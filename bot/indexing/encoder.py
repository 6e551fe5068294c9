"""Text in, vectors out, for serving: the model of record exported to ONNX int8, without torch.

``encode_question`` gives all that answering needs in one forward pass. One text at a time, because dynamic int8
quantisation takes its scale from the whole batch: a question's vector must not depend on its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.indexing.runtime import open_session

Floats = NDArray[np.float32]

# One question is looked at for danger, for what it leans on and for its answer; threads of a worker do not evict it.
_LATELY = 16

MODEL_FILE, TOKENIZER_FILE, CARD_FILE = "model.onnx", "tokenizer.json", "encoder.json"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What an encoder is: enough to tell whether two of them give vectors that can be compared.

    ``token_layer`` is the transformer layer whose output the token vectors are, counted from 1. ``export_version`` says
    how the serving copy is made; it does not change what vectors mean.
    """

    name: str
    sha256: str
    dimension: int
    max_tokens: int
    token_layer: int
    unused_token_ids: tuple[int, ...]
    export_version: int = 1


@dataclass(frozen=True, slots=True)
class TextVectors:
    """A text's vectors: ``vector`` (d,) float32 of unit length; for each of its tokens, the special ones among them,
    ``token_ids`` (t,) int32, ``token_spans`` (t, 2) int32 character positions, ``tokens`` (t, d) float32 unit rows,
    and ``states`` (t, d) float32: the last layer, whose mean is the vector.
    """

    vector: Floats
    token_ids: NDArray[np.int32]
    token_spans: NDArray[np.int32]
    tokens: Floats
    states: Floats


class Encoder(Protocol):
    """What turns passages into vectors at ingest. Rows come in the order of the texts."""

    @property
    def card(self) -> EncoderCard:
        """What this encoder is."""

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return the vectors of each text, in order."""

    def save_for_serving(self, folder: Path) -> None:
        """Write what ``OnnxEncoder`` opens into a folder."""


class OnnxEncoder:
    """The serving encoder of a Build. Its session is made on first use: reading a Build needs none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session: Any = None
        self._tokenizer: Any = None
        self.card = read_card(folder)
        self._lately = lru_cache(maxsize=_LATELY)(self._encode)

    def encode_question(self, text: str) -> TextVectors:
        """Return the vectors of one text.

        :param text: any text; what lies beyond the card's ``max_tokens`` is not read.
        :returns: its vectors, not to be changed: the few texts seen last share theirs.
        """
        return self._lately(text)

    def _encode(self, text: str) -> TextVectors:
        self._open()
        encoding = self._tokenizer.encode(text)
        ids = np.asarray([encoding.ids], dtype=np.int64)
        vector, tokens, states = self._session.run(None, {"input_ids": ids})
        spans = np.asarray(encoding.offsets, dtype=np.int32)
        return TextVectors(vector[0], ids[0].astype(np.int32), spans, tokens[0], states[0])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one unit-length row a text.

        :param texts: any texts.
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
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.card.max_tokens)
        self._tokenizer = tokenizer
        # onnxruntime's joint node for "add, then normalise a layer" takes three times as long as the two that it joins.
        self._session = open_session(self._folder / MODEL_FILE, disabled_optimizers=["SkipLayerNormFusion"])


def read_card(folder: Path) -> EncoderCard:
    """Return the card of an exported encoder.

    :param folder: where it was exported to.
    :returns: its card.
    """
    fields = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    return EncoderCard(**{**fields, "unused_token_ids": tuple(fields["unused_token_ids"])})


def unused_token_ids(tokenizer: Any) -> tuple[int, ...]:
    """Return the ids of tokens without a letter or digit: special tokens and punctuation, which match anything.

    :param tokenizer: a ``tokenizers.Tokenizer``.
    :returns: ascending ids.
    """
    special = {identifier for identifier, token in tokenizer.get_added_tokens_decoder().items() if token.special}
    silent = {i for word, i in tokenizer.get_vocab().items() if not any(char.isalnum() for char in word)}
    return tuple(sorted(special | silent))
