"""The encoder of record: sentence-transformers on torch, used at ingest only, and its export to ONNX int8.

torch is imported inside, because serving must work where it is not installed.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bot.errors import EncoderUnavailable
from bot.indexing.encoder import CARD_FILE, MODEL_FILE, TOKENIZER_FILE, EncoderCard, TextVectors, unused_token_ids
from bot.indexing.late import write_dot_model
from bot.indexing.model import ModelFiles

BATCH_SIZE = 16
DOT_FILE = "products.onnx"
# Run "token layer" in docs/evaluation.md: of the six layers the fourth matches words best (FAQ .854 against .807 for
# the last, SciFact equal); later layers blur a token into its sentence. Other models take the same share of theirs.
TOKEN_LAYER_SHARE = 4 / 6


class SentenceTransformerEncoder:
    """A sentence-transformers model with mean pooling and unit-length vectors."""

    def __init__(self, files: ModelFiles) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(files.location, device="cpu")
        except (OSError, ValueError) as error:
            remedy = "Name a folder, or a model that is in the local cache."
            raise EncoderUnavailable(files.name, "sentence-transformers cannot load it", remedy) from error
        if not hasattr(self._model[0], "auto_model") or _pooling_mode(self._model) != "mean":
            remedy = "Name a sentence-transformers model with a Transformer and mean pooling."
            raise EncoderUnavailable(files.name, "another architecture or pooling", remedy)
        self._network: Any = self._model[0].auto_model.eval()
        fast = self._model.tokenizer.backend_tokenizer
        layers = int(self._network.config.num_hidden_layers)
        self.card = EncoderCard(
            name=files.name,
            sha256=files.sha256,
            dimension=int(self._network.config.hidden_size),
            max_tokens=int(self._model.max_seq_length or 256),
            token_layer=max(1, round(layers * TOKEN_LAYER_SHARE)),
            unused_token_ids=unused_token_ids(fast),
        )

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return the vectors of each text, in order.

        Batches hold texts of like length, so that little is spent on padding.

        :param texts: any texts; what lies beyond ``card.max_tokens`` is not read.
        :returns: one entry a text.
        """
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        found: dict[int, TextVectors] = {}
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            for position, vectors in zip(batch, self._encode_batch([texts[p] for p in batch]), strict=True):
                found[position] = vectors
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
        return [
            TextVectors(
                vector=_unit(last[row, :count].mean(axis=0, keepdims=True))[0],
                token_ids=ids[row, :count].astype(np.int32),
                token_spans=spans[row, :count].astype(np.int32),
                tokens=_unit(layer[row, :count]),
                states=last[row, :count],
            )
            for row, count in enumerate(lengths)
        ]

    def save_for_serving(self, folder: Path) -> None:
        """Write the model as ONNX int8 with its tokenizer and card.

        :param folder: an existing folder.
        """
        with TemporaryDirectory(dir=folder) as scratch:
            full = Path(scratch) / "full.onnx"
            # The exporter can only follow plain attention; the fused one is a third faster for encoding.
            fused = self._network.config._attn_implementation
            self._network.set_attn_implementation("eager")
            _export(self._network, self.card.token_layer, full)
            self._network.set_attn_implementation(fused)
            _quantize(full, folder / MODEL_FILE)
        self._model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
        (folder / CARD_FILE).write_text(json.dumps(asdict(self.card)), encoding="utf-8")
        write_dot_model(folder / DOT_FILE, self.card.dimension)


def _unit(rows: Any) -> Any:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _pooling_mode(model: Any) -> str:
    return str(next((module.pooling_mode for module in model if hasattr(module, "pooling_mode")), "none"))


def _export(network: Any, token_layer: int, path: Path) -> None:
    import torch

    class Serving(torch.nn.Module):
        """One text to its unit vector, its unit token vectors of one layer and its last states."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            """Return vector (b, d), tokens (b, t, d) and states (b, t, d)."""
            output = self.network(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=torch.zeros_like(input_ids),
                output_hidden_states=True,
            )
            states = output.last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            vector = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)
            return vector, torch.nn.functional.normalize(output.hidden_states[token_layer], dim=2), states

    ids = torch.randint(1000, 2000, (2, 16))
    batch_tokens = {0: "batch", 1: "tokens"}
    axes = {"input_ids": batch_tokens, "attention_mask": batch_tokens, "vector": {0: "batch"}}
    with warnings.catch_warnings():
        # The exporter warns that it is the older of two. The newer needs onnxscript, takes ten times as long, and
        # gives the same graph for this network.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Serving().eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector", "tokens", "states"],
            dynamic_axes={**axes, "tokens": batch_tokens, "states": batch_tokens},
            opset_version=17,
            dynamo=False,
        )


def _quantize(full: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It advises a pre-processing step on the root logger at every call; the step changes nothing for this graph.
    root = logging.getLogger()
    level, disabled = root.level, root.disabled
    root.disabled = True
    try:
        # Per channel: with one scale a matrix the cosine to the full model falls from .994 to .963.
        quantize_dynamic(str(full), str(path), per_channel=True, weight_type=QuantType.QInt8)
    finally:
        root.level, root.disabled = level, disabled
