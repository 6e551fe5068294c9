"""Check that each footnote mark names a reference, stands in the text, and is in the form that reading knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.editing.finding import Finding
from bot.reading.footnotes import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.sourcefile import SourceFile

_LIKE_MARK = re.compile(r"\[\^(?:[^\]\n]{0,8}\]|\w{0,8})")
# All other fields are shown without a list of references.
_MAY_HAVE_MARKS = "summary"


def check_footnotes(file: SourceFile) -> Iterator[Finding]:
    """Yield marks that point to no reference, that nobody would see, or that families would read as words."""
    yield from _in_fields(file)
    references = len(file.source.references)
    for written in {file.card.path: file.card, file.words.path: file.words}.values():
        for number, line in enumerate(written.body.split("\n"), start=written.first_line):
            for mark in _LIKE_MARK.findall(line):
                fault = _in_heading(mark) if line.startswith("#") else _fault(mark, references)
                if fault:
                    yield Finding(written.path, number, "footnotes", *fault)


def _in_fields(file: SourceFile) -> Iterator[Finding]:
    for field, value in file.card.fields.values.items():
        for mark in _LIKE_MARK.findall(str(value)):
            if field != _MAY_HAVE_MARKS:
                cure = "Take it out: marks are for sentences of the text and of the summary."
                yield file.in_card("footnotes", f"{field} has the mark {mark}", cure, field=field)
            elif fault := _fault(mark, len(file.source.references)):
                yield file.in_card("footnotes", *fault, field=field)


def _fault(mark: str, references: int) -> tuple[str, str] | None:
    read = MARK.fullmatch(mark)
    if read is None:
        return f"{mark} is no footnote mark", "Write [^1] for the first reference of the front matter."
    if not 1 <= int(read[1]) <= references:
        cure = f"Write a number from 1 to {references}." if references else "List the page in `references:`."
        return f"{mark} points to no reference, as there are {references}", cure
    return None


def _in_heading(mark: str) -> tuple[str, str]:
    return f"the mark {mark} stands in a heading", "Put it behind the last sentence below the heading."
