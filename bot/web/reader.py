"""Split a Source into the parts of its reader page.

All parts are slices of the source's plain text, with the anchors that deep links name: a section's own, ``turn-NUMBER``
for a turn, ``t=SECONDS`` where a time is known (see :mod:`bot.reading.links`). Knows nothing of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.records import Section, Source, SpokenTurn
from bot.web.blocks import Block, Place, blocks_of

_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading; ``level`` is that of HTML, from 2, since the title is 1."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Who speaks in a turn, and when it starts unless that is the same time as the turn before."""

    speaker: str | None
    start_s: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the page: a section, words between sections, or what one speaker says."""

    blocks: tuple[Block, ...]
    anchor: str | None = None
    heading: Heading | None = None
    speech: Speech | None = None


def parts_of(source: Source) -> list[Part]:
    """Return the whole text of ``source`` in reading order; only headings with nothing below them are left out."""
    parts = [*_Reader(source).parts()]
    following: list[Part | None] = [*parts[1:], None]
    return [part for part, after in zip(parts, following, strict=True) if part.blocks or _opens(part, after)]


def introduction(source: Source) -> str | None:
    """Return the summary, unless the text already contains it."""
    if source.summary is None or " ".join(source.summary.split()) in " ".join(source.text.split()):
        return None
    return source.summary


def has_video_section(source: Source) -> bool:
    """Say whether the text has a heading of its own for where the video is or will be."""
    return any(section.headings and section.headings[-1].casefold().startswith("video") for section in source.sections)


def _opens(part: Part, after: Part | None) -> bool:
    """Whether an empty heading is followed by a deeper heading, or by words without a heading of their own."""
    if part.heading is None or after is None:
        return False
    return after.heading is None or after.heading.level > part.heading.level


class _Reader:
    """A pass through the text of one source that cuts it at its sections and turns."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._places = _times_of(source)
        cited = (one for one in source.citations if one.number <= len(source.references))
        self._cited = sorted(cited, key=lambda one: one.at)
        self._headings = {heading for section in source.sections for heading in section.headings}
        self._turn_number = 0
        self._time_shown: float | None = None

    def parts(self) -> Iterator[Part]:
        marks: list[Section | SpokenTurn] = [*self._source.sections, *self._source.turns]
        # At the same position, a section comes before the turn that it holds.
        marks.sort(key=lambda mark: (mark.span[0], isinstance(mark, SpokenTurn)))
        starts = [*(mark.span[0] for mark in marks), len(self._source.text)]
        position = 0
        for mark, next_start in zip(marks, starts[1:], strict=True):
            yield from self._between(position, mark.span[0])
            start, end = max(position, mark.span[0]), max(mark.span[0], min(mark.span[1], next_start))
            yield self._turn(mark, start, end) if isinstance(mark, SpokenTurn) else self._section(mark, start, end)
            position = max(position, end)
        yield from self._between(position, len(self._source.text))

    def _between(self, start: int, end: int) -> Iterator[Part]:
        """Yield the words outside all marks, unless they only repeat a heading."""
        words = self._source.text[start:end].strip()
        if words and words not in self._headings:
            yield Part(self._blocks(start, end))

    def _section(self, section: Section, start: int, end: int) -> Part:
        if not section.headings:
            return Part(self._blocks(start, end), section.anchor)
        name = section.headings[-1]
        if self._source.text[start:end].split("\n", 1)[0].strip() == name:
            start = min(end, start + self._source.text[start:end].index(name) + len(name))
        level = min(len(section.headings) + 1, _DEEPEST_HEADING)
        return Part(self._blocks(start, end), section.anchor, Heading(name, level))

    def _turn(self, turn: SpokenTurn, start: int, end: int) -> Part:
        self._turn_number += 1
        # A transcript with a mark only every few minutes gives many turns the same time: only the first shows it.
        shown = turn.start_s if turn.start_s != self._time_shown else None
        self._time_shown = turn.start_s
        return Part(self._blocks(start, end), f"turn-{self._turn_number}", speech=Speech(turn.speaker, shown))

    def _blocks(self, start: int, end: int) -> tuple[Block, ...]:
        return blocks_of(self._source.text[start:end], at=start, places=self._places, citations=self._cited)


def _times_of(source: Source) -> list[Place]:
    """Return the places with a known time, each second once: the marks of the transcript, else the starts of turns."""
    marks = [(mark.at, mark.start_s) for mark in source.time_marks]
    starts = [(turn.span[0], turn.start_s) for turn in source.turns if turn.start_s is not None]
    places: dict[int, Place] = {}
    for at, start_s in marks or starts:
        places.setdefault(int(start_s), Place(at, f"t={int(start_s)}"))
    return sorted(places.values(), key=lambda place: place.at)
