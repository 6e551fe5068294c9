"""Take footnote marks out of words, and note where each mark stood.

A mark such as ``[^2]`` after a sentence names the reference of the front matter that supports it, counted from 1. No
reader and no quotation sees the mark itself. Knows nothing of the references.
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
        # Whatever followed a mark at the very beginning now begins the line.
        begin = mark.end() + (not kept and line[mark.end() : mark.end() + 1] == " ")
    return kept + line[begin:], tuple(citations)
