"""Encode with the model of record, sentence-transformers on torch, at ingest, and export it to ONNX int8.

torch is imported inside functions, because serving must work where it is not installed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import EncoderUnavailable
from bot.indexing.encoder import CARD_FILE, MODEL_FILE, TOKENIZER_FILE, EncoderCard, TextVectors, unused_token_ids
from bot.indexing.export import EXPORT_VERSION, export_int8
from bot.indexing.heads import Head, HeadName, packaged_head
from bot.indexing.late import write_dot_model
from bot.indexing.model import ModelFiles

DOT_FILE = "products.onnx"
# Run "token layer" in docs/evaluation.md: of the six layers the fourth matches words best (FAQ .854 against .807 for
# the last, SciFact equal); later layers blur a token into its sentence. Other models take the same share of theirs.
TOKEN_LAYER_SHARE = 4 / 6


class SentenceTransformerEncoder:
    """A sentence-transformers model with mean pooling and unit-length vectors."""

    def __init__(self, files: ModelFiles) -> None:
        self._model = _load(files)
        if not hasattr(self._model[0], "auto_model") or _pooling_mode(self._model) != "mean":
            remedy = "Name a sentence-transformers model with a Transformer and mean pooling."
            raise EncoderUnavailable(files.name, "another architecture or pooling", remedy)
        self._network = self._model[0].auto_model.eval()
        self._heads = _heads_of(files, self._network)
        max_tokens = int(self._model.max_seq_length or 256)
        self._tokenizer = _alone(self._model.tokenizer.backend_tokenizer, max_tokens)
        layers = int(self._network.config.num_hidden_layers)
        self.card = EncoderCard(
            name=files.name,
            sha256=files.sha256,
            dimension=int(self._network.config.hidden_size),
            max_tokens=max_tokens,
            token_layer=max(1, round(layers * TOKEN_LAYER_SHARE)),
            unused_token_ids=unused_token_ids(self._tokenizer),
            export_version=EXPORT_VERSION,
            heads={name: head.card.sha256 for name, head in self._heads.items()},
            kinds=self._heads["routing"].card.kinds if "routing" in self._heads else (),
        )

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return the vectors of each text, in order.

        Each text goes through the network alone and on one thread, so that its vectors are the same bytes whatever is
        encoded beside it. In padded batches of 64, the last digits of 237 of 256 passages differed, and it took 16.6 s
        of CPU time instead of 11.6.

        :param texts: any texts; what lies beyond ``card.max_tokens`` is not read.
        """
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> TextVectors:
        import torch

        encoding = self._tokenizer.encode(text)
        ids = torch.tensor([encoding.ids])
        with torch.inference_mode():
            output = self._network(input_ids=ids, attention_mask=torch.ones_like(ids), output_hidden_states=True)
        last = output.last_hidden_state[0].float().numpy()
        vector = _unit(last.mean(axis=0, keepdims=True))[0]
        return TextVectors(
            vector=vector,
            token_ids=np.asarray(encoding.ids, dtype=np.int32),
            token_spans=np.asarray(encoding.offsets, dtype=np.int32),
            tokens=_unit(output.hidden_states[self.card.token_layer][0].float().numpy()),
            states=last,
            # Ingest embeds passages with these vectors; reading vectors come from the serving copy.
            reading=vector,
        )

    def save_for_serving(self, folder: Path) -> None:
        """Write the model as ONNX int8 with its tokenizer and card.

        :param folder: an existing folder.
        """
        export_int8(self._network, self.card.token_layer, folder / MODEL_FILE, self._heads)
        self._tokenizer.save(str(folder / TOKENIZER_FILE))
        (folder / CARD_FILE).write_text(json.dumps(asdict(self.card)), encoding="utf-8")
        write_dot_model(folder / DOT_FILE, self.card.dimension)


def _heads_of(files: ModelFiles, network: Any) -> dict[HeadName, Head]:
    names: tuple[HeadName, ...] = ("reading", "routing")
    found = ((name, packaged_head(name, files.sha256, network)) for name in names)
    return {name: head for name, head in found if head is not None}


def _alone(tokenizer: Any, max_tokens: int) -> Any:
    """Return a tokenizer for one text at a time that threads may share: each call changes the library's own."""
    copy = type(tokenizer).from_str(tokenizer.to_str())
    copy.no_padding()
    copy.enable_truncation(max_tokens)
    return copy


def _load(files: ModelFiles) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer

    # Each core works on its own text; two cores on one text take longer, waiting for each other.
    torch.set_num_threads(1)

    try:
        return SentenceTransformer(files.location, device="cpu")
    except (OSError, ValueError) as error:
        remedy = "Name a folder, or a model that is in the local cache."
        raise EncoderUnavailable(files.name, "sentence-transformers cannot load it", remedy) from error


def _unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _pooling_mode(model: Any) -> str:
    return str(next((module.pooling_mode for module in model if hasattr(module, "pooling_mode")), "none"))
