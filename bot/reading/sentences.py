"""Find the sentences of a text.

nupunkt finds the ends of sentences; it was chosen over pysbd, sentencex, blingfire and syntok because it split the
fewest sentences, is fast, and is pure Python without dependencies (docs/adr/0007-dependencies.md). A line break always
ends a sentence, because every reader here puts list items and paragraphs on lines of their own.
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
# nupunkt learned from legal texts, where "cancer.", "MS." or "found." are parts of citations. These end a sentence
# anyway if a capitalized word comes next: a lower-case word that is no abbreviation, an acronym, a unit after a number,
# a letter that names a vitamin or a type, "no." with no number after it, "a.m." and "p.m.".
_ABBREVIATIONS = (
    "approx|assoc|avg|blvd|capt|corp|dept|dist|eds|est|etc|exp|ext|figs?|gen|hon|hosp|incl|inst|lab|ltd|max|med|min|misc"
    "|nat|nos|orig|pers|prof|refs?|resp|rev|sec|sgt|spp|ssp|subsp|tel|temp|trans|univ|var|vol|vols"
)
_MISSED_END = re.compile(
    rf"(?:(?<=\s)(?!(?:{_ABBREVIATIONS})\.)[a-z]{{3,}}\.|(?<=\s)[A-Z]{{2,5}}\.|\b\d+ ?(?:h|d|s|g|kg|mg|ml|mo|min)\."
    r"|(?:vitamin|hepatitis|type|group|factor|class|stage|phase|grade|trisomy|tetrasomy) (?:[A-Z]|[IVX]+)\."
    r"|\b[Nn]o\.|\b[ap]\.m\.|\bthe Sun\.)\s+(?=[\"“‘]?[A-Z][a-z]*['’]?[a-z]*,?\s)"
)
# A closing quotation mark with no space before the next sentence is mistaken for an opening one.
_GLUED_QUOTE = re.compile(r"(?<=[a-z][.!?])[\"”](?=[A-Z][a-z]*\s)")


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of a text, in order, without the white space around them.

    Spans never overlap, and only white space lies outside them.
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
