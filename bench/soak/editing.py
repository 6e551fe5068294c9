"""An editor: a feed with one more article each time, taken into a corpus of its own, and a Build of it; or back again.

In: a folder, and the index that is served. Out: Builds in that index, and in the ledger how each command ended and how
long it took. It must not know that anybody is asked meanwhile.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bench.soak.ledger import Ledger
from bench.soak.stand import run_bot
from bot.indexing.store import BuildStore

CORPUS = Path(__file__).parents[2] / "corpus"
_ITEM = """<item><guid>soak-{number}</guid><title>Meeting {number} of the registry</title>
<link>https://example.org/meetings/{number}</link><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>
<description><![CDATA[<p>The registry of families met for the {number}th time. It keeps what families
tell about the course of a disease, so that researchers can plan a trial.</p>]]></description></item>"""
_FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Soak</title><link>https://example.org/</link>{}</channel></rss>'


@dataclass
class Editor:
    """Takes in and goes back, by the commands that an editor types."""

    folder: Path
    index: Path
    ledger: Ledger
    articles: int = 0

    def __call__(self, draw: random.Random) -> None:
        """Make a Build with one more article, or go back to the one before."""
        index = ("--index", str(self.index))
        if len(BuildStore(self.index).builds()) > 1 and draw.random() < 0.3:
            self._type("going back", "ingest", "--rollback", *index)
            return
        self.articles += 1
        corpus, feed = self.folder / "corpus", self.folder / "feed.xml"
        if not corpus.exists():
            shutil.copytree(CORPUS, corpus)
        feed.write_text(_FEED.format("".join(_ITEM.format(number=n) for n in range(1, self.articles + 1))))
        self._type("sync", "sync", "--feed", str(feed), "--corpus", str(corpus))
        self._type("Build", "ingest", "--corpus", str(corpus), *index)

    def _type(self, kind: str, *words: str) -> None:
        began, ended = monotonic(), "failed"
        try:
            run_bot(*words)
            ended = "done"
        finally:
            self.ledger.note(kind, began, ended)


def index_of(folder: Path) -> Path:
    """Return an index with a Build of the shipped corpus, which takes minutes."""
    index = folder / "index"
    run_bot("ingest", "--corpus", str(CORPUS), "--index", str(index))
    return index


def copied_index(given: Path, folder: Path) -> Path:
    """Return a copy of an index, so that Builds can come and go in it."""
    return Path(shutil.copytree(given, folder / "index", symlinks=True))
