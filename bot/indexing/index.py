"""Open a Build on disk as an Index that can be searched.

Everything large is a memory map that workers share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.errors import EngineUnavailable, IndexMismatch, IndexUnavailable
from bot.indexing import layout
from bot.indexing.dense import DenseIndex, Nearest
from bot.indexing.encoder import EncoderCard, OnnxEncoder, read_card
from bot.indexing.engine import Engine, EngineIndex, part_of
from bot.indexing.jsonl import Lines
from bot.indexing.labels import LabelIndex
from bot.indexing.late import ByteProducts, LateInteraction
from bot.indexing.lexical import LexicalIndex
from bot.indexing.manifest import FileRecord, Manifest, read_manifest, verify_files
from bot.indexing.sentence_transformer import DOT_FILE
from bot.indexing.store import POINTER_FILE, BuildStore
from bot.indexing.table import VectorTable
from bot.indexing.windows import WindowTable
from bot.records import Passage, Source, SuggestedQuestion

Floats = NDArray[np.float32]


class _Identified(msgspec.Struct):
    """Only the id of a source, so that opening a Build does not read every text."""

    id: str


class _Tagged(msgspec.Struct):
    """Only the tags of a source."""

    tags: tuple[str, ...] = ()


def tags_of(build: Path) -> frozenset[str]:
    """Return the tags that the sources of a Build have.

    :param build: its folder; nothing in it is verified.
    :returns: in lower case.
    """
    return frozenset(tag.casefold() for source in Lines(build / layout.SOURCES, _Tagged) for tag in source.tags)


class SourceShelf(Mapping[str, Source]):
    """The sources by id, read on demand."""

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path, Source)
        # By number, hidden sources included: rows and labels refer to sources by number.
        self.ids = [entry.id for entry in Lines(path, _Identified)]
        self._number = {identifier: number for number, identifier in enumerate(self.ids)}
        self._hidden: frozenset[str] = frozenset()

    def only(self, seen: NDArray[np.bool_]) -> SourceShelf:
        """Return a shelf on which only some sources are visible.

        :param seen: (sources,) true for those that are, by number.
        :returns: a shelf that shares what was read.
        """
        shelf = copy(self)
        shelf._number = {name: number for name, number in self._number.items() if seen[number]}
        shelf._hidden = frozenset(self.ids) - shelf._number.keys()
        return shelf

    def hides(self, identifier: str) -> bool:
        """Say whether the Build has this source, but it is not visible here."""
        return identifier in self._hidden

    def __getitem__(self, identifier: str) -> Source:
        return self._lines[self._number[identifier]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)


@dataclass(frozen=True, slots=True)
class Index:
    """A loaded Build; row i is the same passage in ``passages``, ``table``, ``lexical`` and ``source_of_row``.

    ``questions`` are the questions to suggest, by source; a source without any is left out. ``rows`` are the visible
    rows, ascending: all, except in an index made by ``bot.indexing.collection``.
    """

    manifest: Manifest
    encoder: OnnxEncoder
    sources: SourceShelf
    passages: Lines[Passage]
    source_of_row: NDArray[np.int64]
    rows: NDArray[np.int64]
    table: VectorTable
    windows: WindowTable
    dense: Nearest
    late: LateInteraction
    lexical: LexicalIndex
    labels: LabelIndex
    vocabulary: dict[str, int]
    common_words: frozenset[str]
    token_idf: Floats
    questions: Mapping[str, Sequence[SuggestedQuestion]]

    @property
    def build_id(self) -> str:
        """The Build's name."""
        return self.manifest.build

    def token_weights(self, token_ids: NDArray[np.int32]) -> Floats:
        """Return the weight of each token of a question.

        :param token_ids: (q,) ids, including special tokens.
        :returns: (q,) float32 that add up to 1: each token's share of the IDF, 0 for special tokens and punctuation;
            equal weights if every token has 0.
        """
        weights = self.token_idf.take(token_ids, mode="clip")
        total = weights.sum()
        return np.asarray(weights / total if total else np.full(len(weights), 1 / len(weights)), dtype=np.float32)

    def rows_of_source(self, source: int) -> NDArray[np.int64]:
        """Return the rows of a source's passages, ascending."""
        start, end = np.searchsorted(self.source_of_row, [source, source + 1])
        return np.arange(start, end)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A Build that was not served, and why."""

    build: str
    reason: str


def load_build(folder: Path, engine: Engine | None = None) -> Index:
    """Return the Index of a Build after checking every file against the manifest.

    :param engine: searches its vectors; without one, they are searched here. A Build is not rejected because its engine
        does not answer.
    :returns: an index whose encoder is not yet started.
    :raises IndexMismatch: if anything differs from the manifest.
    """
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    try:
        _compare(manifest.build, _encoder_facts(manifest, read_card(folder / layout.ENCODER)))
        index = _open(folder, manifest, engine)
    except OSError as error:
        # Not in the manifest, or removed by an ingest after it was verified.
        name = Path(error.filename).name if error.filename else "a file"
        raise IndexMismatch(folder.name, name, "readable", f"not ({error.strerror})") from error
    _compare(manifest.build, _counted(index))
    if engine is not None and not _may_hold(engine, part_of(manifest)):
        raise IndexMismatch(manifest.build, "its part in the engine", "whole", "not there, or only half")
    return index


def _may_hold(engine: Engine, part: str) -> bool:
    try:
        return engine.holds(part)
    except EngineUnavailable:
        return True


def _open(folder: Path, manifest: Manifest, engine: Engine | None) -> Index:
    table = VectorTable(folder / layout.PASSAGE_TABLE, manifest.dimension)
    label_table = VectorTable(folder / layout.LABEL_TABLE, manifest.dimension)
    encoder = OnnxEncoder(folder / layout.ENCODER)
    products = ByteProducts(folder / layout.ENCODER / DOT_FILE)
    return Index(
        manifest=manifest,
        encoder=encoder,
        sources=SourceShelf(folder / layout.SOURCES),
        passages=Lines(folder / layout.PASSAGES, Passage),
        source_of_row=np.load(folder / layout.SOURCE_OF_ROW).astype(np.int64),
        rows=np.arange(manifest.counts.passages),
        table=table,
        windows=WindowTable(folder / layout.WINDOWS, manifest.dimension),
        dense=DenseIndex(table.vectors, folder / layout.PASSAGE_GRAPH)
        if engine is None
        else EngineIndex(table.vectors, engine, part_of(manifest)),
        late=LateInteraction(table, products),
        lexical=LexicalIndex(folder / layout.LEXICAL),
        labels=LabelIndex(
            list(Lines(folder / layout.LABELS, str)),
            np.load(folder / layout.LABEL_ENTRIES),
            label_table,
            DenseIndex(label_table.vectors, folder / layout.LABEL_GRAPH),
            LateInteraction(label_table, products),
        ),
        vocabulary=dict(Lines(folder / layout.VOCABULARY, tuple[str, int])),
        common_words=frozenset(Lines(folder / layout.COMMON_WORDS, str)),
        token_idf=_token_idf(folder / layout.TOKEN_IDF, len(table), encoder.card.unused_token_ids),
        questions=_by_source(Lines(folder / layout.QUESTIONS, SuggestedQuestion)),
    )


def _by_source(questions: Iterable[SuggestedQuestion]) -> dict[str, list[SuggestedQuestion]]:
    """Group questions by the id of their source, in order, so that the first to suggest stays first."""
    found: dict[str, list[SuggestedQuestion]] = {}
    for question in questions:
        found.setdefault(question.source_id, []).append(question)
    return found


def sharing_encoder(index: Index, other: Index) -> Index:
    """Return an index that uses another one's open encoder, if both have the same files for it.

    :param other: the one served so far; its encoder's memory may be shared with other processes.
    :returns: the index, with the other's encoder and common words if they are the same.
    """
    if _encoder_files(index) != _encoder_files(other):
        return index
    return replace(index, encoder=other.encoder, common_words=other.common_words)


def _encoder_files(index: Index) -> list[FileRecord]:
    """Return the files of the encoder and of the words that are made from it."""
    names = (f"{layout.ENCODER}/", layout.COMMON_WORDS)
    return [entry for entry in index.manifest.files if entry.path.startswith(names)]


def _token_idf(path: Path, rows: int, unused: Sequence[int]) -> Floats:
    """Return the IDF of each token id: 0 for unused tokens; the last entry is for every token that no passage has."""
    seen = np.load(path)
    idf = np.full(max(len(seen), *unused, 0) + 2, np.log(1 + (rows + 0.5) / 0.5), dtype=np.float32)
    idf[: len(seen)] = seen
    idf[list(unused)] = 0
    return idf


def open_current(store: BuildStore) -> tuple[Index, list[Rejected]]:
    """Return the Index of the current Build, or of the newest earlier one that is intact.

    :returns: the index, and the Builds that were rejected.
    :raises IndexUnavailable: if no Build can be served.
    """
    mark = store.mark()
    rejected: list[Rejected] = []
    if store.pointer_is_lost():
        rejected.append(Rejected(POINTER_FILE, "it should name the current Build but names none that is there"))
    for build in store.candidates():
        try:
            return load_build(build, store.engine), rejected
        except IndexMismatch as error:
            rejected.append(Rejected(build.name, str(error)))
    if store.mark() != mark:
        # An ingest ended meanwhile and may have removed a listed Build.
        return open_current(store)
    found = "; ".join(entry.reason for entry in rejected) or "there is none"
    raise IndexUnavailable(str(store.directory), found)


def _encoder_facts(manifest: Manifest, card: EncoderCard) -> dict[str, tuple[object, object]]:
    return {
        "the encoder's weights": (manifest.model_sha256, card.sha256),
        "the encoder's dimension": (manifest.dimension, card.dimension),
        "the encoder's number of tokens": (manifest.max_tokens, card.max_tokens),
        "the encoder's token layer": (manifest.token_layer, card.token_layer),
    }


def _counted(index: Index) -> dict[str, tuple[object, object]]:
    counts = index.manifest.counts
    return {
        "the number of sources": (counts.sources, len(index.sources)),
        "the number of passages": (counts.passages, len(index.passages)),
        "the number of passage vectors": (counts.passages, len(index.table)),
        "the number of sentences": (counts.sentences, len(index.table.sentence_vectors)),
        "the number of tokens": (counts.tokens, len(index.table.token_ids)),
        "the number of rows with a source": (counts.passages, len(index.source_of_row)),
        "the number of rows of the lexical index": (counts.passages, len(index.lexical)),
        "the number of labels": (counts.labels, len(index.labels)),
        "the number of windows": (counts.sentences, len(index.windows.vectors)),
        "the number of questions of the bank": (counts.bank, len(index.windows.bank)),
        "the number of questions to offer": (counts.questions, sum(map(len, index.questions.values()))),
    }


def _compare(build: str, facts: Mapping[str, tuple[object, object]]) -> None:
    for what, (expected, actual) in facts.items():
        if expected != actual:
            raise IndexMismatch(build, what, expected, actual)
