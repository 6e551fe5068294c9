"""Split plain text into paragraphs and lists, with anchors that links can lead to.

The texts of all pieces together are the words of the text. Knows nothing of HTML.
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
    """Words, the anchor of the place at their start if there is one, and the references at their end."""

    text: str
    anchor: str | None = None
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one line) or a list (one line per item; numbers stay in the line, as part of its words)."""

    kind: BlockKind
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is in a stretch of text but is not part of its words."""

    places: Sequence[Place]
    citations: Sequence[Citation]


def blocks_of(
    text: str, *, at: int = 0, places: Sequence[Place] = (), citations: Sequence[Citation] = ()
) -> tuple[Block, ...]:
    """Return the paragraphs and lists of a text whose blocks are separated by blank lines, in reading order.

    :param places: in ascending order; those outside the text are ignored
    :param citations: in ascending order as well
    """
    first, last = (bisect_left(places, end, key=lambda place: place.at) for end in (at, at + len(text)))
    # A footnote follows its words, so it may stand at the very end of the text.
    behind, end = (bisect_right(citations, end, key=lambda one: one.at) for end in (at, at + len(text)))
    within = _Marks(places[first:last], citations[behind:end])
    chunks = (_lines_of(chunk[0], at + chunk.start()) for chunk in _CHUNK.finditer(text))
    return tuple(block for lines in chunks for block in _blocks_in(lines, within))


def _lines_of(chunk: str, at: int) -> list[_Line]:
    return [_Line(at + line.start(), line[0].rstrip()) for line in _LINE.finditer(chunk)]


def _blocks_in(lines: list[_Line], marks: _Marks) -> Iterator[Block]:
    """Make a list of each run of bullets or numbered lines, and a paragraph of any other run.

    Lists written in Markdown arrive without their bullets, one item per line; the lines of a wrapped paragraph do not
    all end like sentences.
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
    """Cut the line at its places and after its footnotes."""
    size = len(line.text)
    anchors = {place.at - line.at: place.anchor for place in marks.places if 0 <= place.at - line.at < size}
    cited: dict[int, tuple[int, ...]] = {}
    for one in marks.citations:
        if 0 < one.at - line.at <= size:
            cited[one.at - line.at] = (*cited.get(one.at - line.at, ()), one.number)
    cuts = sorted({0, size, *anchors, *cited})
    return tuple(Piece(line.text[begin:end], anchors.get(begin), cited.get(end, ())) for begin, end in pairwise(cuts))


def _joined(lines: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Join the lines of a paragraph, with a space where a line ended."""
    first, *others = lines
    return (*first, *(piece for line in others for piece in (Piece(" "), *line)))
