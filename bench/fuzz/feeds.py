"""Damaged feeds put to what ``sync`` reads them with: each is read, or refused, and never for long."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from bench.fuzz.damage import damaged, samples_in
from bench.fuzz.finding import Finding, Trial
from bot.errors import BotError
from bot.syncing.entry import Document
from bot.syncing.feed import read_feed

SEEDS = Path(__file__).parent / "seeds"
ENDINGS = {".xml", ".json"}
_TYPES = {".xml": ("application/rss+xml", "text/xml", ""), ".json": ("application/feed+json", "")}
_SLOW_S = 2.0


def tried(seed: int) -> Iterator[Trial]:
    """Yield what came of one damaged feed after the other, without end."""
    paths = samples_in([SEEDS], ENDINGS)
    samples = [path.read_bytes() for path in paths]
    while True:
        draw = random.Random(seed)
        at = draw.randrange(len(samples))
        content = damaged(samples, at, draw)
        what = _broken(content, draw.choice(_TYPES[paths[at].suffix]))
        yield 1, Finding("feeds", what, f"{seed}-{paths[at].name}", content) if what else None
        seed += 1


def _broken(content: bytes, media_type: str) -> str:
    began = time.thread_time()
    try:
        read_feed(Document(content, "https://example.org/feed", media_type), "feed")
    except BotError:
        pass
    except Exception:  # noqa: BLE001 - whatever else comes out is what is looked for
        return traceback.format_exc(limit=-4)
    taken = time.thread_time() - began
    return "" if taken < _SLOW_S else f"{taken:.1f} s for {len(content):,} bytes"
