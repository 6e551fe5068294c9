"""Export the torch transformer of record to ONNX int8, at ingest, for serving without torch.

The graph takes one text, without a mask, because one text at a time has no padding. Knows nothing of what is embedded.
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from bot.indexing.heads import Head, HeadName
from bot.indexing.runtime import import_onnxruntime

# Raised when this module changes, so that the same model is exported again.
EXPORT_VERSION = 4


def export_int8(
    network: Any, token_layer: int, path: Path, heads: Mapping[HeadName, Head] = MappingProxyType({})
) -> None:
    """Write a transformer as an ONNX graph of int8 weights.

    Its input is ``input_ids`` (1, t) int64. Its outputs are ``vector`` (1, d), the unit mean of the last layer;
    ``tokens`` (1, t, d), the unit rows of one layer; and ``states`` (1, t, d), the last layer. A reading head adds
    ``reading`` (1, d), the unit mean of its last layer; a routing head adds ``kinds`` (1, k), the log-probabilities of
    the kinds of messages.

    :param token_layer: the layer of ``tokens``, counted from 1.
    """
    with TemporaryDirectory(dir=path.parent) as scratch:
        full, fused = Path(scratch) / "full.onnx", Path(scratch) / "fused.onnx"
        # The exporter can only trace plain attention; the fused one encodes a third faster.
        attention = network.config._attn_implementation
        network.set_attn_implementation("eager")
        try:
            _export(network, token_layer, full, heads)
        finally:
            network.set_attn_implementation(attention)
        with _quiet_root_logger():
            _fuse(full, fused, network.config)
            _quantize(fused, path)


def _export(network: Any, token_layer: int, path: Path, heads: Mapping[HeadName, Head]) -> None:
    import torch

    outputs = ["vector", "tokens", "states", *({"reading": "reading", "routing": "kinds"}[name] for name in heads)]
    takes_types = "token_type_ids" in inspect.signature(network.forward).parameters

    class Serving(torch.nn.Module):
        """A network from one text to its vector, token vectors of one layer, last states and head outputs."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network
            self.layers = torch.nn.ModuleList(head.layers for head in heads.values())
            self.classify = torch.nn.ModuleList(head.classify or torch.nn.Identity() for head in heads.values())

        def forward(self, input_ids: Any) -> Any:
            """Return vector (1, d), tokens (1, t, d), states (1, t, d), and (1, d) or (1, k) of each head."""
            types = {"token_type_ids": torch.zeros_like(input_ids)} if takes_types else {}
            mask = torch.ones_like(input_ids)
            output = self.network(input_ids=input_ids, attention_mask=mask, output_hidden_states=True, **types)
            states = output.last_hidden_state
            vector = torch.nn.functional.normalize(states.mean(1), dim=1)
            tokens = torch.nn.functional.normalize(output.hidden_states[token_layer], dim=2)
            counts = [len(head.layers) for head in heads.values()]
            said = [self._said(number, output.hidden_states[-1 - count]) for number, count in enumerate(counts)]
            return vector, tokens, states, *said

        def _said(self, number: int, read: Any) -> Any:
            layers: Any = self.layers[number]
            for layer in layers:
                read = layer(read)
            mean = read.mean(1)
            if isinstance(self.classify[number], torch.nn.Identity):
                return torch.nn.functional.normalize(mean, dim=1)
            return torch.nn.functional.log_softmax(self.classify[number](mean), dim=1)

    with warnings.catch_warnings():
        # The exporter warns that it is the older of two. The newer one needs onnxscript, takes ten times as long, and
        # gives the same graph for this network.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Serving().eval(),
            (torch.randint(100, 200, (1, 16)),),
            str(path),
            input_names=["input_ids"],
            output_names=outputs,
            dynamic_axes={"input_ids": {1: "tokens"}, "tokens": {1: "tokens"}, "states": {1: "tokens"}},
            opset_version=17,
            dynamo=False,
        )


def _fuse(full: Path, path: Path, config: Any) -> None:
    """Fuse each layer's attention into one node.

    With the mask gone, 3.35 ms a question become 2.54 (18 tokens, one thread, the serving session's options). The other
    fusions are left out: onnxruntime's kernels for them are slower than what they replace, or it applies them itself
    when it opens the graph.
    """
    import_onnxruntime()
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    options.enable_skip_layer_norm = False
    options.enable_bias_skip_layer_norm = False
    options.enable_embed_layer_norm = False
    options.enable_gelu = False
    options.enable_bias_gelu = False
    # Level 0: the file must not contain anything that onnxruntime would choose for this machine's processor.
    model = optimize_model(
        str(full),
        model_type="bert",
        num_heads=int(config.num_attention_heads),
        hidden_size=int(config.hidden_size),
        optimization_options=options,
        opt_level=0,
    )
    model.save_model_to_file(str(path))


def _quantize(fused: Path, path: Path) -> None:
    import_onnxruntime()
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Per channel: with one scale for each matrix, the cosine to the full model falls from .994 to .963. The library
    # cannot infer the type of the fused node's output, so it is given.
    quantize_dynamic(
        str(fused),
        str(path),
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


@contextmanager
def _quiet_root_logger() -> Iterator[None]:
    """Silence the root logger, on which both tools give advice at every call that does not apply to this graph."""
    root = logging.getLogger()
    disabled = root.disabled
    root.disabled = True
    try:
        yield
    finally:
        root.disabled = disabled
