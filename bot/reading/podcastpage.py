"""Read a transcript in the HTML that podcasts publish into a Talk.

    <cite>Ada Lowe:</cite> <time>0:12</time> <p>words</p>

Podcasting 2.0 describes the form (github.com/Podcastindex-org/podcast-namespace). Knows nothing of other pages.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from bot.reading.directions import seconds_of, speak
from bot.reading.rawmarkup import as_shown, without_code
from bot.reading.talk import Talk, TalkText
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from bot.reading.textfile import TextFile

_TURN = re.compile(r"<cite>[^<]*</cite>\s*(?:<time>[^<]*</time>\s*)?<p>", re.IGNORECASE)
_LEAST_TURNS = 2


def is_podcast_page(file: TextFile) -> bool:
    """Say whether a page is a transcript in that form."""
    return len(_TURN.findall(file.text)) >= _LEAST_TURNS


def read_podcast_page(file: TextFile) -> Talk:
    """Return the talk in a page of that form."""
    reader = _Reader()
    reader.feed(as_shown(without_code(file.text)))
    reader.close()
    return reader.talk.finish()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.talk = TalkText()
        self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("cite", "time", "p"):
            self._words = ""

    def handle_endtag(self, tag: str) -> None:
        words = one_line(self._words)
        if tag == "cite" and words.rstrip(":") != self.talk.speaker:
            self.talk.turn(words.rstrip(":") or None)
        elif tag == "time" and (start_s := seconds_of(words)) is not None:
            self.talk.time(start_s)
        elif tag == "p":
            speak(words, self.talk)
            self.talk.paragraph()

    def handle_data(self, data: str) -> None:
        self._words += data
