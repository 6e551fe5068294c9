"""List the pages that a corpus cites, with the day each was seen, and the reading grade of each section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.editing.readability import section_grades
from bot.editing.sourcefile import is_written_here, source_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.records import Source

Row = tuple[str, ...]

REFERENCE_FIELDS: Row = ("source", "number", "seen_on", "title", "publisher", "url")
GRADE_FIELDS: Row = ("source", "section", "grade")


def reference_rows(sources: Iterable[Source]) -> Iterator[Row]:
    """Yield a row for each reference: its source, its number there, the day it was seen, and what and where it is.

    :param sources: a corpus, in any order; the rows keep it.
    :yields: fields in the order of ``REFERENCE_FIELDS``; unknown ones are empty.
    """
    for source in sources:
        for number, page in enumerate(source.references, start=1):
            known = (page.seen_on, page.title, page.publisher, page.url)
            yield source.id, str(number), *(field or "" for field in known)


def grade_rows(sources: Iterable[Source]) -> Iterator[Row]:
    """Yield the US school grade of each section that editors wrote.

    :param sources: a corpus, in any order; the rows keep it.
    :yields: fields in the order of ``GRADE_FIELDS``; an introduction and a talk have no heading.
    """
    for source in sources:
        if is_written_here(source):
            for section in section_grades(source_file(source)):
                yield source.id, section.heading, f"{section.grade:.1f}"
