"""A text in, the spans of its sentences out.

nupunkt finds the ends of sentences; it was chosen over pysbd, sentencex, blingfire and syntok because it cut the
fewest sentences apart, is fast, and is pure Python without dependencies (docs/adr/0007-dependencies.md). A line break
always ends a sentence, because every reader here puts list items and paragraphs on lines of their own.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from nupunkt import sent_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.records import Span

_LINE = re.compile(r"[^\n]+")
# Ends that nupunkt does not see: "no." with no number after it, a letter that names a vitamin or a hepatitis, and
# "a.m." and "p.m." before a new sentence.
_MISSED_END = re.compile(
    r"(?:\b[Nn]o\.|\b(?:vitamin|hepatitis|type|group) [A-Z]\.|\b[ap]\.m\.)\s+(?=[\"“‘(]?[A-Z][a-z]*['’]?[a-z]*,?\s)"
)
# With the next sentence glued to it, a closing quotation mark is taken for an opening one.
_GLUED_QUOTE = re.compile(r"(?<=[a-z][.!?])[\"”](?=[A-Z][a-z]*\s)")


def sentence_spans(text: str) -> list[Span]:
    """The sentences of a text, in order, without the white space around them.

    Spans never overlap, and all that lies outside them is white space.
    """
    return [span for line in _LINE.finditer(text) for span in _spans_in_line(line.group(), line.start())]


def _spans_in_line(line: str, offset: int) -> Iterator[Span]:
    # Only the starts are taken, so that the spans cover the line whatever the library leaves out.
    starts = {start for start, _ in sent_spans(line)} | {found.end() for found in _MISSED_END.finditer(line)}
    for quote in _GLUED_QUOTE.finditer(line):
        starts = starts - {quote.start()} | {quote.end()}
    for start, end in pairwise(sorted(starts | {0, len(line)})):
        piece = line[start:end]
        text = piece.strip()
        if text:
            begin = offset + start + piece.index(text)
            yield begin, begin + len(text)
