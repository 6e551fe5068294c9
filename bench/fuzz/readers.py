"""Damaged sources put to the readers, each read and chunked as ``ingest`` would.

Whatever comes of a file must be sources, or a complaint that names the file. Anything else, or a file that takes longer
than a second for each ten thousand characters, is a finding.
"""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.fuzz.damage import MOST_BYTES, damaged, samples_in
from bench.fuzz.finding import Finding, Trial
from bot.errors import CorpusError, CorpusErrors
from bot.reading.chunk import passages_of
from bot.reading.corpus import read_corpus

ENDINGS = {".md", ".txt", ".vtt", ".srt", ".html", ".htm", ".jsonl"}
SLOW_S_PER_CHAR = 1 / 10_000


def tried(folders: Sequence[Path], seed: int) -> Iterator[Trial]:
    """Yield what came of one damaged file after the other, without end; nothing is found in most."""
    paths = samples_in(folders, ENDINGS)
    samples = [path.read_bytes()[:MOST_BYTES] for path in paths]
    with TemporaryDirectory() as scratch:
        while True:
            draw = random.Random(seed)
            at = draw.randrange(len(samples))
            # An explainer is called by its id; of other documents only this name is read.
            name = "corpus.jsonl" if paths[at].suffix == ".jsonl" else paths[at].name
            path = Path(scratch) / name
            path.write_bytes(damaged(samples, at, draw))
            what = _broken(path)
            yield 1, Finding("readers", what, f"{seed}-{name}", path.read_bytes()) if what else None
            path.unlink()
            seed += 1


def _broken(path: Path) -> str:
    """What is wrong with how a file was read; nothing where it was read or refused in time."""
    began = time.thread_time()
    try:
        for source in read_corpus([path]):
            list(passages_of(source))
    except (CorpusErrors, CorpusError):
        pass
    except Exception:  # noqa: BLE001 - whatever else comes out is what is looked for
        return traceback.format_exc(limit=-4)
    taken, allowed = time.thread_time() - began, 1 + path.stat().st_size * SLOW_S_PER_CHAR
    return "" if taken < allowed else f"{taken:.1f} s for {path.stat().st_size:,} bytes"
