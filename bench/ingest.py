"""How fast passages are embedded, and how a Build grows: ``python -m bench.ingest [--sizes 1000,10000]``.

First the shipped corpus, beside sentence-transformers' own ``encode`` on the same passages, which gives one vector a
passage where ingest also keeps those of sentences and tokens. Then corpora of growing size, each built and asked in a
process of its own. Those are synthetic, passages of 24 made-up words with vectors in groups within topics, because
nobody has a million passages of this kind; questions go through the real encoder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import psutil
from numpy.typing import NDArray

from bench.dense_index import unit_vectors
from bot import wiring
from bot.indexing.build import build_index
from bot.indexing.encoder import TextVectors
from bot.indexing.model import find_model
from bot.indexing.sentence_transformer import SentenceTransformerEncoder
from bot.indexing.store import BuildStore
from bot.reading.chunk import MAX_WORDS, passages_of
from bot.reading.corpus import read_corpus
from bot.records import Passage, Sentence, Source
from bot.settings import read_environment

SIZES = (1_000, 10_000, 100_000)
WORDS_A_PASSAGE, PASSAGES_A_SOURCE, VOCABULARY = 24, 10, 20_000
QUESTIONS = 100
MEBIBYTE = 1 << 20
_WORD = re.compile(r"\w+")


def main() -> None:
    """Print both tables."""
    options = _options()
    if options.one:
        sys.stdout.write(json.dumps(_STEPS[options.step](options.one, options.folder)))
        return
    print(_embedding_table(options.corpus or [read_environment().corpus]))
    print()
    print(_growth_table(options.sizes))
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", help="what to embed; the setting BOT_CORPUS by default")
    parser.add_argument("--sizes", type=lambda text: [int(part) for part in text.split(",")], default=list(SIZES))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=("build", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _embedding_table(corpora: Sequence[Path]) -> str:
    """Passages a second of both on the same passages; each has run once before it is timed."""
    sources = read_corpus(corpora)
    passages = [passage for source in sources for passage in passages_of(source)]
    encoder = SentenceTransformerEncoder(find_model(read_environment().model))
    model = encoder._model
    texts = [passage.text for passage in passages]
    model.encode(texts[:64])
    theirs = _seconds(lambda: model.encode(texts, normalize_embeddings=True))
    with TemporaryDirectory() as folder:
        store = BuildStore(Path(folder), keep=1)
        with store.writing():
            report = build_index(sources, passages, encoder=encoder, store=store, passage_max_words=MAX_WORDS)
    ours, whole = report.seconds["embed"], sum(report.seconds.values())
    rows = [("sentence-transformers encode()", theirs), ("ours, embedding", ours), ("ours, the whole ingest", whole)]
    lines = [f"| {len(passages)} passages | s | passages/s | of encode() |", "|---|---:|---:|---:|"]
    lines += [f"| {name} | {spent:.1f} | {len(passages) / spent:.0f} | {theirs / spent:.2f} |" for name, spent in rows]
    return "\n".join(lines)


def _growth_table(sizes: Sequence[int]) -> str:
    lines = [
        "| passages | build s | vector index s | peak MiB | on disk MiB | open s | median ms | p99 ms | own MiB |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        with TemporaryDirectory() as folder:
            built = _in_a_process("build", size, Path(folder))
            asked = _in_a_process("ask", size, Path(folder))
        lines.append(
            f"| {size:,} | {built['seconds']:.0f} | {built['vector_index']:.0f} | {built['peak']:.0f} | "
            f"{built['disk']:.0f} | {asked['open']:.1f} | {asked['median']:.1f} | {asked['p99']:.1f} | "
            f"{asked['own']:.0f} |"
        )
    return "\n".join(lines)


def _in_a_process(step: str, size: int, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.ingest", "--one", str(size), "--step", step, "--folder", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _build(size: int, folder: Path) -> dict[str, float]:
    sources, passages = _synthetic(size)
    store = BuildStore(folder, keep=1)
    with store.writing():
        encoder = SyntheticEncoder(size)
        report = build_index(sources, passages, encoder=encoder, store=store, passage_max_words=MAX_WORDS)
    return {
        "seconds": sum(report.seconds.values()),
        "vector_index": report.seconds["vector index"],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk": sum(file.stat().st_size for file in report.path.rglob("*") if file.is_file()) / MEBIBYTE,
    }


def _ask(size: int, folder: Path) -> dict[str, float]:
    opened = _seconds(lambda: wiring.open_answerer(BuildStore(folder, keep=1)))
    answerer, _ = wiring.open_answerer(BuildStore(folder, keep=1))
    draw = random.Random(2)
    questions = [f"how does {_word(draw)} help with {_word(draw)} or {_word(draw)}" for _ in range(QUESTIONS + 20)]
    spent = [_seconds(lambda text=question: answerer.answer(text)) * 1000 for question in questions][20:]  # type: ignore[misc]
    return {
        "open": opened,
        "median": statistics.median(spent),
        "p99": float(np.quantile(spent, 0.99)),
        "own": psutil.Process().memory_full_info().uss / MEBIBYTE,
    }


_STEPS = {"build": _build, "ask": _ask}


@dataclass
class SyntheticEncoder:
    """Gives the passage that begins with "pN" the N-th of many made-up vectors, and every word one of its own."""

    size: int

    def __post_init__(self) -> None:
        self._real = SentenceTransformerEncoder(find_model(read_environment().model))
        self.card = replace(self._real.card, name="synthetic", sha256="0" * 64)
        self._vectors = unit_vectors(self.size, 0)
        self._words = unit_vectors(VOCABULARY, 1)

    def encode_texts(self, texts: Sequence[str]) -> list[TextVectors]:
        """Return made-up vectors, in order."""
        return [self._encode(text) for text in texts]

    def save_for_serving(self, folder: Path) -> None:
        """Write the real encoder, under the name of this one."""
        self._real.save_for_serving(folder)
        card = folder / "encoder.json"
        fields = json.loads(card.read_text(encoding="utf-8"))
        card.write_text(json.dumps({**fields, "name": self.card.name, "sha256": self.card.sha256}), encoding="utf-8")

    def _encode(self, text: str) -> TextVectors:
        spans = np.asarray([found.span() for found in _WORD.finditer(text)], dtype=np.int32)
        ids: NDArray[np.int32] = np.asarray([_number(text[a:b]) for a, b in spans], dtype=np.int32)
        numbered = re.search(r"\bp(\d+)\b", text)
        vector = self._vectors[int(numbered[1]) if numbered else ids[0] % self.size]
        return TextVectors(vector, ids + 1000, spans, self._words[ids], self._words[ids])


def _number(word: str) -> int:
    digits = re.sub(r"\D", "", word)
    return int(digits) % VOCABULARY if digits else len(word)


def _word(draw: random.Random) -> str:
    # As uneven as words are: a few are everywhere, most are rare.
    return f"w{int(VOCABULARY ** draw.random()) - 1}"


def _synthetic(size: int) -> tuple[list[Source], list[Passage]]:
    draw = random.Random(1)
    passages = list(islice(_passages(draw), size))
    sources = [
        Source(f"s{number}", "explainer", f"Topic w{number}", "", "", str(number))
        for number in range(-(-size // PASSAGES_A_SOURCE))
    ]
    return sources, passages


def _passages(draw: random.Random) -> Iterator[Passage]:
    number = 0
    while True:
        text = f"p{number} " + " ".join(_word(draw) for _ in range(WORDS_A_PASSAGE - 1)) + "."
        source, whole = f"s{number // PASSAGES_A_SOURCE}", (0, len(text))
        sentence = Sentence(whole)
        yield Passage(f"{source}#{number}", source, "explainer", "", (), "other", "/", whole, text, (sentence,))
        number += 1


def _seconds(run: object) -> float:
    began = perf_counter()
    run()  # type: ignore[operator]
    return perf_counter() - began


if __name__ == "__main__":
    main()
