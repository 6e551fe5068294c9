"""From plain text to paragraphs and lists, with places in them that a link can lead to.

Comes in: a stretch of a source's text, positions with names, and its footnotes. Goes out: blocks of lines of pieces,
whose texts together are the words of the stretch. It must not know HTML.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from bot.records import Citation

_CHUNK = re.compile(r"\S.*?(?=\n[^\S\n]*\n|\Z)", re.DOTALL)
_LINE = re.compile(r"[^\s\n][^\n]*")
_BULLET = re.compile(r"[-•*]\s+")
_NUMBERED = re.compile(r"[0-9]{1,3}[.)]\s+")
_WHOLE_ITEM = re.compile(r"[\"“(]?[^\W_].*[.?!:;][\"”)]?", re.DOTALL)

BlockKind = Literal["paragraph", "bullets", "numbers"]


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a source's text that a link can lead to."""

    at: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, the anchor of the place where they begin if there is one, and the references that they end with."""

    text: str
    anchor: str | None = None
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line) or a list (a line an item; numbers stay in the line, as they are part of the words)."""

    kind: BlockKind
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class _Marks:
    """What stands in the text of a stretch and is none of its words."""

    places: Sequence[Place]
    citations: Sequence[Citation]


def blocks_of(
    text: str, *, at: int = 0, places: Sequence[Place] = (), citations: Sequence[Citation] = ()
) -> tuple[Block, ...]:
    """The paragraphs and lists of a text whose blocks are separated by blank lines.

    :param places: in ascending order; those outside the stretch are passed over
    :param citations: in ascending order as well
    :returns: blocks in reading order
    """
    first, last = (bisect_left(places, end, key=lambda place: place.at) for end in (at, at + len(text)))
    # A footnote stands behind its words, and so at the very end of a stretch as well.
    behind, end = (bisect_right(citations, end, key=lambda one: one.at) for end in (at, at + len(text)))
    within = _Marks(places[first:last], citations[behind:end])
    chunks = (_lines_of(chunk[0], at + chunk.start()) for chunk in _CHUNK.finditer(text))
    return tuple(block for lines in chunks for block in _blocks_in(lines, within))


def _lines_of(chunk: str, at: int) -> list[_Line]:
    return [_Line(at + line.start(), line[0].rstrip()) for line in _LINE.finditer(chunk)]


def _blocks_in(lines: list[_Line], marks: _Marks) -> Iterator[Block]:
    """A run of bullets is a list, a run of numbered lines too, any other run of lines is a paragraph.

    Lists written in Markdown come without their bullets, an item a line; lines of a wrapped paragraph do not all end
    like sentences.
    """
    if len(lines) > 1 and all(
        _WHOLE_ITEM.fullmatch(line.text) and _kind_of(line.text) == "paragraph" for line in lines
    ):
        yield Block("bullets", tuple(_pieces_of(line, marks) for line in lines))
        return
    for kind, run in groupby(lines, key=lambda line: _kind_of(line.text)):
        pieces = [_pieces_of(_without_bullet(line) if kind == "bullets" else line, marks) for line in run]
        yield Block(kind, tuple(pieces) if kind != "paragraph" else (_joined(pieces),))


def _kind_of(line: str) -> BlockKind:
    if _BULLET.match(line):
        return "bullets"
    return "numbers" if _NUMBERED.match(line) else "paragraph"


def _without_bullet(line: _Line) -> _Line:
    words = _BULLET.sub("", line.text, count=1)
    return _Line(line.at + len(line.text) - len(words), words)


def _pieces_of(line: _Line, marks: _Marks) -> tuple[Piece, ...]:
    """The line cut at the places and behind the footnotes in it."""
    size = len(line.text)
    anchors = {place.at - line.at: place.anchor for place in marks.places if 0 <= place.at - line.at < size}
    cited: dict[int, tuple[int, ...]] = {}
    for one in marks.citations:
        if 0 < one.at - line.at <= size:
            cited[one.at - line.at] = (*cited.get(one.at - line.at, ()), one.number)
    cuts = sorted({0, size, *anchors, *cited})
    return tuple(Piece(line.text[begin:end], anchors.get(begin), cited.get(end, ())) for begin, end in pairwise(cuts))


def _joined(lines: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """The lines of a paragraph as one, with a space where a line ended."""
    first, *others = lines
    return (*first, *(piece for line in others for piece in (Piece(" "), *line)))
