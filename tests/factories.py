"""A tiny corpus and an encoder whose geometry can be drawn: what tests of indexing and answering share.

``FakeEncoder`` gives every topic word an axis of its own, and all other words one axis together. What it saves for
serving is a real ONNX graph with a real tokenizer, so that a Build made with it is loaded and asked like any other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from bot.answering.suggestions import checked_questions
from bot.indexing.build import BuildReport, build_index
from bot.indexing.encoder import (
    CARD_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    EncoderCard,
    OnnxEncoder,
    TextVectors,
    read_card,
    unused_token_ids,
)
from bot.indexing.engine import Engine
from bot.indexing.late import write_dot_model
from bot.indexing.sentence_transformer import DOT_FILE
from bot.indexing.store import BuildStore
from bot.records import Passage, Sentence, Source

TOPICS = ("gene", "cell", "heart", "sleep", "diet", "school", "trial")
PUNCTUATION = ".,?!"


class FakeEncoder:
    """Axis i is topic i; the last axis is every word that is no topic and weighs a tenth. A text's vector is the unit
    mean of its words, so that a text with one topic points nearly along that topic's axis.
    """

    def __init__(self, model: str = "fake", max_tokens: int = 64) -> None:
        self.embedded: list[str] = []
        self._tokenizer = _tokenizer()
        self._table = _word_table(self._tokenizer)
        self.card = EncoderCard(
            name=model,
            sha256=hashlib.sha256(model.encode()).hexdigest(),
            dimension=self._table.shape[1],
            max_tokens=max_tokens,
            token_layer=1,
            unused_token_ids=unused_token_ids(self._tokenizer),
        )

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """The vectors of each text, in order; ``embedded`` remembers what was asked."""
        self.embedded.extend(texts)
        return [self._encode(text) for text in texts]

    def save_for_serving(self, folder: Path) -> None:
        """A graph that looks words up, normalises their mean, and gives the words as tokens and as states."""
        _write_lookup_model(folder / MODEL_FILE, self._table)
        self._tokenizer.save(str(folder / TOKENIZER_FILE))
        (folder / CARD_FILE).write_text(json.dumps(asdict(self.card)), encoding="utf-8")
        write_dot_model(folder / DOT_FILE, self.card.dimension)

    def _encode(self, text: str) -> TextVectors:
        encoding = self._tokenizer.encode(text)
        ids = np.asarray(encoding.ids[: self.card.max_tokens] or [0], dtype=np.int32)
        spans = np.asarray(encoding.offsets[: self.card.max_tokens] or [(0, 0)], dtype=np.int32)
        states = _weighted(self._table)[ids]
        mean = states.mean(axis=0)
        vector = (mean / np.linalg.norm(mean)).astype(np.float32)
        return TextVectors(vector, ids, spans, self._table[ids], states, reading=vector)


def _tokenizer() -> Tokenizer:
    words = ["[UNK]", *TOPICS, *PUNCTUATION]
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer


def _word_table(tokenizer: Tokenizer) -> NDArray[np.float32]:
    """One unit row a word of the vocabulary."""
    table = np.zeros((tokenizer.get_vocab_size(), len(TOPICS) + 1), dtype=np.float32)
    table[:, -1] = 1
    for axis, topic in enumerate(TOPICS):
        table[tokenizer.token_to_id(topic)] = np.eye(len(TOPICS) + 1, dtype=np.float32)[axis]
    return table


def _weighted(table: NDArray[np.float32]) -> NDArray[np.float32]:
    return (table * np.where(table[:, -1:] > 0, 0.1, 1)).astype(np.float32)


def _write_lookup_model(path: Path, table: NDArray[np.float32]) -> None:
    from onnx import TensorProto, helper, numpy_helper, save_model

    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["tokens"]),
        helper.make_node("Gather", ["weighted", "input_ids"], ["states"]),
        helper.make_node("ReduceMean", ["states"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("ReduceL2", ["mean"], ["length"], axes=[1], keepdims=1),
        helper.make_node("Div", ["mean", "length"], ["vector"]),
    ]
    rows = ["1", "t", table.shape[1]]
    graph = helper.make_graph(
        nodes,
        "lookup",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "t"])],
        [
            helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, table.shape[1]]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, rows),
            helper.make_tensor_value_info("states", TensorProto.FLOAT, rows),
        ],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(_weighted(table), "weighted")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    save_model(model, str(path))


TEXT = "A gene is a line of a recipe. A cell reads it."


def source(source_id: str, text: str = TEXT, *, title: str | None = None, **fields: object) -> Source:
    """An explainer without sections; other fields of ``Source`` may be given."""
    digest = hashlib.sha256(repr((source_id, title, text, sorted(fields.items()))).encode()).hexdigest()
    values = {"kind": "explainer", "path": f"{source_id}.md", "digest": digest, **fields}
    return Source(id=source_id, title=title or source_id.title(), text=text, **values)  # type: ignore[arg-type]


def passages(of: Source, *, sentences_each: int = 2) -> list[Passage]:
    """A source's passages of so many sentences; a sentence ends at a full stop, a question or an exclamation mark."""
    spans = [match.span() for match in re.finditer(r"[^\s.?!][^.?!]*[.?!]?", of.text)]
    groups = [spans[start : start + sentences_each] for start in range(0, len(spans), sentences_each)]
    return [_passage(of, number, group) for number, group in enumerate(groups)]


def _passage(of: Source, number: int, spans: Sequence[tuple[int, int]]) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    return Passage(
        id=f"{of.id}#{number}",
        source_id=of.id,
        source_kind=of.kind,
        source_title=of.title,
        headings=("What it is",),
        role="what",
        url=f"/explainers/{of.id}#what-it-is",
        span=(start, end),
        text=of.text[start:end],
        sentences=tuple(Sentence(span) for span in spans),
        synonyms=of.synonyms,
    )


def corpus() -> list[Source]:
    """Five short sources, one topic each, with names and questions that differ from their titles."""
    return [
        source(
            "genes",
            "A gene is a line of a recipe. It is read in every cell. Some lines have a misprint. Doctors can find it.",
            title="What Is a Gene?",
            synonyms=("hereditary unit",),
            questions=("Is a gene made of letters?",),
        ),
        source("hearts", "The heart is a pump. It beats all day. It rests between two beats.", title="The Heart"),
        source("sleep", "Sleep mends the day. Children need more sleep. Noise spoils it.", title="Why We Sleep"),
        source("meals", "A diet is what you eat. Ask before you change a diet. Water counts.", title="Meals"),
        source(
            "trials", "A trial tests one thing. Two groups take part. Nobody may be forced.", title="Joining a Trial"
        ),
    ]


def make_build(
    folder: Path,
    sources: Sequence[Source] | None = None,
    *,
    encoder: FakeEncoder | None = None,
    keep: int = 3,
    engine: Engine | None = None,
) -> BuildReport:
    """Write a Build of some sources, by default ``corpus()``, below a folder."""
    chosen = corpus() if sources is None else sources
    store = BuildStore(folder, keep=keep, engine=engine)
    with store.writing():
        return build_index(
            chosen,
            [passage for each in chosen for passage in passages(each)],
            encoder=encoder or FakeEncoder(),
            store=store,
            passage_max_words=20,
            questions_of=checked_questions,
        )


def serving_encoder(folder: Path) -> OnnxEncoder:
    """What serves after the fake encoder was saved into an existing folder."""
    FakeEncoder().save_for_serving(folder)
    assert read_card(folder) == FakeEncoder().card
    return OnnxEncoder(folder)
