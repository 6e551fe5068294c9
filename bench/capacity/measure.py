"""A Build of a size -> what it takes to make it, to keep it and to answer from it.

Times are of the processor, so that what else a machine does changes them little.
"""

from __future__ import annotations

import json
import random
import resource
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time, thread_time

import psutil

from bench.capacity.corpus import Copied, Dealt, made_passages, made_sources
from bench.siege.service import Service, serving
from bot.indexing import layout
from bot.indexing.build import build_index
from bot.indexing.embed import embeddable, rows_of
from bot.indexing.encoder import ReadingEncoder
from bot.indexing.index import load_build
from bot.indexing.store import BuildStore
from bot.indexing.windows import window_texts
from bot.reading.chunk import MAX_WORDS
from bot.settings import read_environment
from bot.wiring.builds import open_encoder

PROBED = 40
QUESTIONS = 150
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Size:
    """What a Build of so many passages takes. ``rest_s`` is processor time of all but embedding; ``worker_mb``
    is what a worker has written, beside what it shares with those forked like it; ``mapped_mb`` are the pages of the
    Build that it has read, which all workers of a machine share.
    """

    passages: int
    sentences: int
    rest_s: float
    peak_mb: float
    disk_mb: float
    answer_ms: float
    worker_mb: float
    mapped_mb: float


@dataclass(frozen=True, slots=True)
class Embedding:
    """Processor seconds: the rows of a passage, and the window of a sentence."""

    passage_s: float
    sentence_s: float


def embedding(build: Path) -> Embedding:
    """Return what embedding takes, on one core: the encoder of record for passages, the serving one for sentences."""
    index = load_build(build)
    passages = list(made_passages(index, PROBED))
    encoder = open_encoder(read_environment().model)
    items = [embeddable(layout.embedded_text(passage)[0], (), "") for passage in passages]
    windows = [text for passage in passages for text in window_texts(passage)]
    reading = ReadingEncoder(build / layout.ENCODER)
    rows_of(items[:4], encoder)
    reading.read_all(windows[:20])
    return Embedding(
        _spent(lambda: rows_of(items, encoder)) / len(items), _spent(lambda: reading.read_all(windows)) / len(windows)
    )


def build(passages: int, like: Path, folder: Path) -> dict[str, float]:
    """Make a Build of so many passages in a folder, and return what that took."""
    index = load_build(like)
    made = list(made_passages(index, passages))
    store, began = BuildStore(folder, keep=1), process_time()
    with store.writing():
        report = build_index(
            made_sources(index, passages),
            made,
            encoder=Copied(like),
            store=store,
            passage_max_words=MAX_WORDS,
            hands=Dealt(index, like),
        )
    return {
        "rest_s": process_time() - began,
        "sentences": report.counts.sentences,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE,
        "disk_mb": sum(file.stat().st_size for file in report.path.rglob("*") if file.is_file()) / MEGABYTE,
    }


def answers(folder: Path, like: Path) -> dict[str, float]:
    """Return what an answer takes of the processor, and a worker of memory, in the real service with all it does."""
    asked = [question.text for source in load_build(like).sources.values() for question in source.bank]
    questions = random.Random(3).sample(asked, min(QUESTIONS + 20, len(asked)))
    with TemporaryDirectory() as scratch:
        settings = {"BOT_CLIENT_PER_MINUTE": "0", "BOT_SITE_PER_MINUTE": "0"}
        with serving(Path(scratch), folder, workers=1, database_url=None, **settings) as service:
            for question in questions[:20]:
                _ask(service, question)
            (worker,) = psutil.Process(service.pid).children(recursive=True)
            began = _processor_s(worker)
            for question in questions[20:]:
                _ask(service, question)
            spent, memory = _processor_s(worker) - began, _memory_mb(worker.pid)
    answer_ms = 1000 * spent / len(questions[20:])
    return {"answer_ms": answer_ms, "worker_mb": memory["Private_Dirty"], "mapped_mb": memory["Pss_File"]}


def _ask(service: Service, question: str) -> None:
    body = json.dumps({"message": question}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{service.port}/api/v1/chat", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        json.load(answer)


def _memory_mb(pid: int) -> dict[str, float]:
    """What of a process is in memory, by kind, as Linux adds it up; what it shares counts in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    return {name: 1024 * int(rest.split()[0]) / MEGABYTE for name, rest in (line.split(":") for line in lines)}


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _spent(work: Callable[[], object]) -> float:
    began = thread_time()
    work()
    return thread_time() - began
