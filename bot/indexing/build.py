"""Write sources and passages as a Build on disk.

The Build is written into a hidden folder and published by the store when it is complete; until then the old one serves.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from bot.errors import CorpusError, IndexMismatch
from bot.indexing import layout
from bot.indexing.dense import needs_graph, write_graph
from bot.indexing.embedding import embed_labels, embed_passages, embed_windows
from bot.indexing.encoder import Encoder, EncoderCard, save_or_take
from bot.indexing.engine import Engine
from bot.indexing.english import common_words
from bot.indexing.hands import Hands, OwnHands
from bot.indexing.index import Index, load_build
from bot.indexing.jsonl import write_lines
from bot.indexing.lexical import terms_of, words_of, write_lexical
from bot.indexing.manifest import (
    FORMAT_VERSION,
    Counts,
    Manifest,
    content_digest,
    describe_files,
    read_manifest,
    verify_files,
    write_manifest,
)
from bot.indexing.publishing import publish
from bot.indexing.store import BuildStore
from bot.indexing.table import VectorTable
from bot.indexing.windows import WindowTable
from bot.records import Passage, Source, SuggestedQuestion

Progress = Callable[[str, int, int], None]
QuestionsOf = Callable[[Index], Iterable[SuggestedQuestion]]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an ingest did.

    Times are in seconds; ``embedded``, ``reused`` and ``removed`` count passages, and a changed one counts as embedded
    and as removed. ``distrusted`` names earlier Builds that are damaged, from which nothing was reused. ``digest`` is
    the same for two Builds with the same files.
    """

    build: str
    path: Path
    counts: Counts
    embedded: int
    reused: int
    removed: int
    seconds: dict[str, float]
    digest: str
    distrusted: tuple[str, ...] = ()


def build_index(
    sources: Sequence[Source],
    passages: Sequence[Passage],
    *,
    encoder: Encoder,
    store: BuildStore,
    passage_max_words: int,
    hands: Hands | None = None,
    questions_of: QuestionsOf = lambda index: (),
    progress: Progress = lambda step, done, total: None,
) -> BuildReport:
    """Write a Build of these passages and make it the current one.

    :param sources: all sources; their order decides ties.
    :param passages: all passages, in the order of their sources.
    :param store: where Builds live; the caller holds ``store.writing()``.
    :param hands: the embedder; by default the cores of this machine.
    :raises CorpusError: if there are no passages.
    :raises EncoderUnavailable: if the encoder gives vectors that cannot be searched.
    :raises EngineUnavailable: if the engine does not take the vectors; the current Build stays.
    """
    if not passages:
        raise CorpusError("corpus", None, "there is no passage in it", "Name a folder with explainers or interviews.")
    began, hands = perf_counter(), hands or OwnHands(encoder)
    digest = _corpus_digest(sources)
    made = datetime.now(UTC)
    name = f"{made:%Y%m%dT%H%M%S.%f}Z-{digest[:8]}"
    folder = store.partial(name)
    previous, distrusted = _previous(store)
    seconds: dict[str, float] = {}

    def timed(step: str) -> None:
        seconds[step] = perf_counter() - began - sum(seconds.values())

    _write_records(folder, sources, passages)
    timed("write records")
    done = embed_passages(folder, passages, encoder.card, hands, previous, progress)
    labels = embed_labels(folder, sources, encoder.card, hands, previous, progress)
    timed("embed")
    _write_lexical_side(folder, passages, sources)
    timed("lexical index")
    _write_statistics(folder, encoder.card, elsewhere=store.engine is not None)
    timed("vector index")
    (folder / layout.ENCODER).mkdir()
    save_or_take(encoder, folder / layout.ENCODER, None if previous is None else previous / layout.ENCODER)
    write_lines(folder / layout.COMMON_WORDS, common_words(folder / layout.ENCODER))
    timed("serving encoder")
    embed_windows(folder, passages, sources, hands, previous, progress)
    timed("windows")
    table = VectorTable(folder / layout.PASSAGE_TABLE, encoder.card.dimension)
    bank = len(WindowTable(folder / layout.WINDOWS, encoder.card.dimension).bank)
    counts = Counts(len(sources), len(passages), len(table.sentence_vectors), len(table.token_ids), labels, bank)
    manifest = _manifest(name, made, encoder.card, passage_max_words, digest, counts)
    counts = _write_questions(folder, manifest, store.engine, questions_of, progress)
    timed("questions to offer")
    path = store.publish_unless_same(folder, previous)
    timed("publish")
    embedded = len(passages) - done.reused
    content = content_digest(read_manifest(path))
    return BuildReport(path.name, path, counts, embedded, done.reused, done.removed, seconds, content, distrusted)


def _write_questions(
    folder: Path, manifest: Manifest, engine: Engine | None, questions_of: QuestionsOf, progress: Progress
) -> Counts:
    """Seal the Build without questions, publish its vectors, ask it for questions, and seal it again with them."""
    write_lines(folder / layout.QUESTIONS, ())
    sealed = replace(manifest, files=describe_files(folder))
    write_manifest(folder, sealed)
    if engine is not None:
        publish(engine, folder, sealed, partial(progress, "Publishing vectors"))
    questions = list(questions_of(load_build(folder, engine)))
    write_lines(folder / layout.QUESTIONS, questions)
    counts = replace(manifest.counts, questions=len(questions))
    write_manifest(folder, replace(manifest, counts=counts, files=describe_files(folder)))
    return counts


def _corpus_digest(sources: Iterable[Source]) -> str:
    lines = "".join(f"{source.id} {source.digest}\n" for source in sources)
    return hashlib.sha256(lines.encode()).hexdigest()


def _manifest(name: str, made: datetime, card: EncoderCard, max_words: int, digest: str, counts: Counts) -> Manifest:
    """Return the manifest of a Build whose files are not yet listed."""
    return Manifest(
        format_version=FORMAT_VERSION,
        build=name,
        created_at=made.isoformat(timespec="seconds"),
        model=card.name,
        model_sha256=card.sha256,
        dimension=card.dimension,
        metric="cosine",
        normalized=True,
        token_layer=card.token_layer,
        max_tokens=card.max_tokens,
        passage_max_words=max_words,
        corpus_digest=digest,
        counts=counts,
        files=(),
    )


def _previous(store: BuildStore) -> tuple[Path | None, tuple[str, ...]]:
    """Return the Build whose rows may be reused, and why newer ones may not.

    It must be intact, because new hashes would hide its damage.
    """
    distrusted: list[str] = []
    for build in store.candidates():
        try:
            verify_files(build, read_manifest(build))
        except IndexMismatch as error:
            distrusted.append(str(error))
            continue
        return build, tuple(distrusted)
    return None, tuple(distrusted)


def _write_records(folder: Path, sources: Sequence[Source], passages: Sequence[Passage]) -> None:
    write_lines(folder / layout.SOURCES, sources)
    write_lines(folder / layout.PASSAGES, passages)
    number = {source.id: position for position, source in enumerate(sources)}
    rows = np.asarray([number[passage.source_id] for passage in passages], dtype=np.int32)
    np.save(folder / layout.SOURCE_OF_ROW, rows)


def _write_lexical_side(folder: Path, passages: Sequence[Passage], sources: Sequence[Source]) -> None:
    texts = [layout.lexical_text(passage) for passage in passages]
    write_lexical(folder / layout.LEXICAL, [terms_of(text) for text in texts])
    words: Counter[str] = Counter()
    for text in texts:
        words.update(set(words_of(text)))
    for source in sources:
        words.update(words_of(" ".join(term.term for term in source.key_terms)))
    write_lines(folder / layout.VOCABULARY, sorted(words.items()))


def _write_statistics(folder: Path, card: EncoderCard, *, elsewhere: bool) -> None:
    table = VectorTable(folder / layout.PASSAGE_TABLE, card.dimension)
    highest = int(table.token_ids.max()) if len(table.token_ids) else 0
    frequency = table.token_document_frequency(highest + 1)
    # The smoothed IDF of BM25, so that a token in every passage still weighs a little.
    idf = np.log(1 + (len(table) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
    np.save(folder / layout.TOKEN_IDF, idf)
    labels = VectorTable(folder / layout.LABEL_TABLE, card.dimension)
    graphs = {layout.LABEL_GRAPH: labels.vectors} | ({} if elsewhere else {layout.PASSAGE_GRAPH: table.vectors})
    for graph, vectors in graphs.items():
        if needs_graph(len(vectors)):
            write_graph(folder / graph, np.asarray(vectors))
