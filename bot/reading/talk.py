"""Collect spoken words with their speakers and times into one quotable text with turns, time marks and sections.

Every reader of transcripts speaks into a TalkText. Knows nothing of files or formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.reading.footnotes import without_marks
from bot.reading.pagetext import PARAGRAPH_BREAK, Outline, role_of
from bot.records import Citation, Section, SpokenTurn, TimeMark


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk in writing; every span points into ``text``."""

    text: str
    turns: tuple[SpokenTurn, ...]
    time_marks: tuple[TimeMark, ...]
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...] = ()


@dataclass(slots=True)
class TalkText:
    """A talk collected in the order it was spoken; ``speaker`` has the floor. A turn without words leaves no trace."""

    _outline: Outline = field(default_factory=Outline)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _turns: list[SpokenTurn] = field(default_factory=list)
    _marks: list[TimeMark] = field(default_factory=list)
    _sections: list[Section] = field(default_factory=list)
    _citations: list[Citation] = field(default_factory=list)
    speaker: str | None = None
    _turn_begins: bool = True
    _paragraph_begins: bool = False
    _time_s: float | None = None
    _heading: tuple[tuple[str, ...], str | None] | None = ((), None)

    def heading(self, level: int, title: str) -> None:
        """Begin a section of the talk."""
        title, _ = without_marks(title)
        if title:
            self._heading = self._outline.open(level, title)
            self._turn_begins = True

    def turn(self, speaker: str | None) -> None:
        """Begin a turn, even if the same speaker goes on."""
        self.speaker, self._turn_begins = speaker, True

    def paragraph(self) -> None:
        """Begin a paragraph of the same turn."""
        self._paragraph_begins = True

    def time(self, seconds: float) -> None:
        """Set the time of the words that come next, in seconds."""
        self._time_s = seconds

    def say(self, words: str) -> None:
        """Add words to the turn; white space around them does not matter."""
        words, citations = without_marks(words)
        if not words:
            # A mark that stands alone, as on a caption of its own, belongs to the words before it.
            self._citations += [Citation(self._length, mark.number) for mark in citations]
            return
        at = self._write(words)
        self._citations += [Citation(at + mark.at, mark.number) for mark in citations]
        if self._time_s is not None:
            self._marks.append(TimeMark(at, self._time_s))
            self._time_s = None
        if self._turn_begins:
            start_s = self._marks[-1].start_s if self._marks else None
            self._turns.append(SpokenTurn(self.speaker, start_s, (at, at)))
        if self._heading is not None:
            headings, anchor = self._heading
            self._sections.append(Section(headings, anchor, role_of(headings), (at, at)))
        self._turns[-1] = replace(self._turns[-1], span=(self._turns[-1].span[0], self._length))
        self._sections[-1] = replace(self._sections[-1], span=(self._sections[-1].span[0], self._length))
        self._turn_begins, self._paragraph_begins, self._heading = False, False, None

    def finish(self) -> Talk:
        """Return the talk as text, with its turns, times and sections."""
        text, cited = "".join(self._parts), tuple(self._citations)
        return Talk(text, tuple(self._turns), tuple(self._marks), tuple(self._sections), cited)

    def _write(self, words: str) -> int:
        """Append the words, and return the position where they begin."""
        if self._parts:
            separator = PARAGRAPH_BREAK if self._turn_begins or self._paragraph_begins else " "
            self._parts.append(separator)
            self._length += len(separator)
        at = self._length
        self._parts.append(words)
        self._length += len(words)
        return at
