"""Compute the best cosines between a question's tokens and a passage's tokens: late interaction.

A vector is stored as one byte for each dimension, with one scale for each token. onnxruntime's ``MatMulInteger``
multiplies the bytes, which saves converting them to float32 first. Knows nothing of passages or questions, only of rows
and tokens.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.indexing.ranges import in_ranges
from bot.indexing.runtime import open_session

if TYPE_CHECKING:
    from bot.indexing.table import VectorTable

Floats = NDArray[np.float32]

# One byte holds -127..127 shifted by 128, because MatMulInteger is fastest with an unsigned left side.
ZERO_POINT = 128
LEVELS = 127


def quantize(vectors: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Return unit-length copies of the rows as bytes, with their scales.

    :param vectors: (t, d) float32, no row zero.
    :returns: (t, d) uint8 and (t,) float32, so that ``(bytes - 128) * scale`` is the unit row within one level.
    """
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scales = (np.abs(unit).max(axis=1) / LEVELS).astype(np.float32)
    levels = np.rint(unit / scales[:, None]) + ZERO_POINT
    return levels.astype(np.uint8), scales


def write_dot_model(path: Path, dimension: int) -> None:
    """Write the model that multiplies byte vectors."""
    from onnx import TensorProto, helper, save_model

    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["passage", "question", "zero"], ["products"])],
        "byte_products",
        [
            helper.make_tensor_value_info("passage", TensorProto.UINT8, ["tokens", dimension]),
            helper.make_tensor_value_info("question", TensorProto.INT8, [dimension, "question_tokens"]),
        ],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["tokens", "question_tokens"])],
        [helper.make_tensor("zero", TensorProto.UINT8, [], [ZERO_POINT])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    save_model(model, str(path))


class ByteProducts:
    """A calculator of cosines between byte vectors.

    Its session is made on first use, because reading a Build needs none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session: Any = None

    def cosines(self, values: NDArray[np.uint8], scales: Floats, question: Floats) -> Floats:
        """Return the cosine of every stored token with every token of a question.

        :param values: (t, d) bytes from ``quantize``.
        :param scales: (t,) their scales.
        :param question: (q, d) float32 unit rows.
        :returns: (t, q) float32, within .01 of the cosine of the unquantised vectors.
        """
        largest = np.abs(question).max(axis=1) / LEVELS
        levels = np.rint(question / largest[:, None]).astype(np.int8)
        products = self._open().run(None, {"passage": values, "question": np.ascontiguousarray(levels.T)})[0]
        found = products.astype(np.float32)
        found *= scales[:, None]
        found *= largest.astype(np.float32)
        return np.asarray(found, dtype=np.float32)

    def _open(self) -> Any:
        if self._session is None:
            self._session = open_session(self._path)
        return self._session


class LateInteraction:
    """The cosines between a question's tokens and those of stored texts."""

    def __init__(self, table: VectorTable, products: ByteProducts) -> None:
        self._table, self._products = table, products

    def best_cosines(self, question: Floats, texts: NDArray[np.int64]) -> Floats:
        """Return, for each text and question token, the best cosine with any token of the text.

        :param question: (q, d) float32 unit rows.
        :param texts: (n,) numbers of texts.
        :returns: (n, q) float32; -1 for a text without tokens.
        """
        best = np.full((len(texts), len(question)), -1.0, dtype=np.float32)
        lengths = self._table.token_offsets[texts + 1] - self._table.token_offsets[texts]
        filled = np.flatnonzero(lengths)
        if len(filled):
            begins = np.cumsum(lengths[filled]) - lengths[filled]
            best[filled] = np.maximum.reduceat(self.cosines(question, texts), begins, axis=0)
        return best

    def cosines(self, question: Floats, texts: NDArray[np.int64]) -> Floats:
        """Return the cosine of every token of some texts with every question token.

        :param question: (q, d) float32 unit rows.
        :param texts: (n,) numbers of texts.
        :returns: (t, q) float32, text by text.
        """
        starts, ends = self._table.token_offsets[texts], self._table.token_offsets[texts + 1]
        tokens = in_ranges(starts, ends)
        if not len(tokens):
            return np.empty((0, len(question)), dtype=np.float32)
        if np.array_equal(starts[1:], ends[:-1]):
            # One run of rows, as in a small corpus: nothing needs to be copied. Texts in another order are not a run,
            # even if their first and last are as far apart.
            run = slice(int(tokens[0]), int(tokens[-1]) + 1)
            values, scales = self._table.values[run], self._table.scales[run]
        else:
            values, scales = self._table.values.take(tokens, axis=0), self._table.scales.take(tokens)
        return self._products.cosines(values, scales, question)
