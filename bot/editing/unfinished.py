"""Find places of a template that nobody has filled in yet, because families would read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.editing.finding import Finding
from bot.editing.sourcefile import is_written_here, source_file
from bot.editing.template import TO_WRITE
from bot.errors import CorpusError, CorpusErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.editing.sourcefile import SourceFile, WrittenFile
    from bot.records import Source

_FOUND = f"{TO_WRITE} is left to write"
_CURE = "Write it, or take it out."


def check_unfinished(file: SourceFile) -> Iterator[Finding]:
    """Yield every field and every line that still has the template's placeholder."""
    for field, value in file.card.fields.values.items():
        if TO_WRITE in str(value):
            yield file.in_card("unfinished", f"{field}: {_FOUND}", _CURE, field=field)
    for written in {file.card.path: file.card, file.words.path: file.words}.values():
        yield from _in_body(written)


def refuse_unfinished(sources: Iterable[Source]) -> None:
    """Refuse sources that still have the template's placeholder, all of them at once.

    :raises CorpusErrors: if there are any, because answers could quote the placeholder.
    """
    files = (source_file(source) for source in sources if is_written_here(source))
    errors = [
        CorpusError(one.path, one.line, one.found, f"{_CURE} Nothing was ingested.")
        for file in files
        for one in check_unfinished(file)
    ]
    if errors:
        raise CorpusErrors(errors)


def _in_body(written: WrittenFile) -> Iterator[Finding]:
    for number, line in enumerate(written.body.split("\n"), start=written.first_line):
        if TO_WRITE in line:
            yield Finding(written.path, number, "unfinished", _FOUND, _CURE)
