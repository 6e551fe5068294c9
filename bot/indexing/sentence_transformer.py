"""The encoder of record: sentence-transformers on torch, used at ingest only, and its export to ONNX int8.

torch is imported inside, because serving must work where it is not installed.
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

# Texts in one pass: 64 embeds 1.6 times as many passages a second as 16, whose steps are too short for several threads.
BATCH_SIZE = 64
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
        fast = self._model.tokenizer.backend_tokenizer
        layers = int(self._network.config.num_hidden_layers)
        self.card = EncoderCard(
            name=files.name,
            sha256=files.sha256,
            dimension=int(self._network.config.hidden_size),
            max_tokens=int(self._model.max_seq_length or 256),
            token_layer=max(1, round(layers * TOKEN_LAYER_SHARE)),
            unused_token_ids=unused_token_ids(fast),
            export_version=EXPORT_VERSION,
            heads={name: head.card.sha256 for name, head in self._heads.items()},
            kinds=self._heads["routing"].card.kinds if "routing" in self._heads else (),
        )

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return the vectors of each text, in order.

        Batches hold texts of like length, so that little is spent on padding.

        :param texts: any texts; what lies beyond ``card.max_tokens`` is not read.
        """
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        found: dict[int, TextVectors] = {}
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            found.update(zip(batch, self._encode_batch([texts[position] for position in batch]), strict=True))
        return [found[position] for position in range(len(texts))]

    def _encode_batch(self, texts: Sequence[str]) -> list[TextVectors]:
        import torch

        encoded = self._model.tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self.card.max_tokens,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        spans = encoded.pop("offset_mapping").numpy()
        with torch.inference_mode():
            output = self._network(**encoded, output_hidden_states=True)
        layer = output.hidden_states[self.card.token_layer].float().numpy()
        last = output.last_hidden_state.float().numpy()
        lengths = encoded["attention_mask"].sum(dim=1).tolist()
        ids = encoded["input_ids"].numpy()
        vectors = [_unit(last[row, :count].mean(axis=0, keepdims=True))[0] for row, count in enumerate(lengths)]
        return [
            TextVectors(
                vector=vectors[row],
                token_ids=ids[row, :count].astype(np.int32),
                token_spans=spans[row, :count].astype(np.int32),
                tokens=_unit(layer[row, :count]),
                states=last[row, :count],
                # Ingest embeds passages with these; what is read goes through the serving copy.
                reading=vectors[row],
            )
            for row, count in enumerate(lengths)
        ]

    def save_for_serving(self, folder: Path) -> None:
        """Write the model as ONNX int8 with its tokenizer and card.

        :param folder: an existing folder.
        """
        export_int8(self._network, self.card.token_layer, folder / MODEL_FILE, self._heads)
        self._model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
        (folder / CARD_FILE).write_text(json.dumps(asdict(self.card)), encoding="utf-8")
        write_dot_model(folder / DOT_FILE, self.card.dimension)


def _heads_of(files: ModelFiles, network: Any) -> dict[HeadName, Head]:
    names: tuple[HeadName, ...] = ("reading", "routing")
    found = ((name, packaged_head(name, files.sha256, network)) for name in names)
    return {name: head for name, head in found if head is not None}


def _load(files: ModelFiles) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(files.location, device="cpu")
    except (OSError, ValueError) as error:
        remedy = "Name a folder, or a model that is in the local cache."
        raise EncoderUnavailable(files.name, "sentence-transformers cannot load it", remedy) from error


def _unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _pooling_mode(model: Any) -> str:
    return str(next((module.pooling_mode for module in model if hasattr(module, "pooling_mode")), "none"))
