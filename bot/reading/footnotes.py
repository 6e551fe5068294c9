"""Words with footnote marks in, the words without them and where each mark stood out.

A mark such as ``[^2]`` after a sentence says which reference of the front matter it stands on, counted from 1. No
reader and no quotation sees the mark itself. It must not know what the references are.
"""

from __future__ import annotations

import re

from bot.reading.textfile import one_line
from bot.records import Citation

MARK = re.compile(r"\[\^([0-9]{1,3})\]")
_WITH_SPACE_BEFORE = re.compile(rf" ?{MARK.pattern}")


def without_marks(words: str) -> tuple[str, tuple[Citation, ...]]:
    """Return the words on one line without marks, and the marks as citations of those words.

    :returns: clean words, and a citation for each mark, whose position counts in the clean words.
    """
    kept = ""
    citations: list[Citation] = []
    begin = 0
    line = one_line(words)
    for mark in _WITH_SPACE_BEFORE.finditer(line):
        kept += line[begin : mark.start()]
        citations.append(Citation(len(kept), int(mark[1])))
        # What followed a mark at the very beginning begins the line now.
        begin = mark.end() + (not kept and line[mark.end() : mark.end() + 1] == " ")
    return kept + line[begin:], tuple(citations)
