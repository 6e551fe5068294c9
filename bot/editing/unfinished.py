"""Places of a template that nobody has filled in yet: families would read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.editing.finding import Finding
from bot.editing.template import TO_WRITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.sourcefile import SourceFile, WrittenFile

_FOUND = f"{TO_WRITE} is left to write"
_CURE = "Write it, or take it out."


def check_unfinished(file: SourceFile) -> Iterator[Finding]:
    """Yield every field and every line that still has the template's mark."""
    for field, value in file.card.fields.values.items():
        if TO_WRITE in str(value):
            yield file.in_card("unfinished", f"{field}: {_FOUND}", _CURE, field=field)
    for written in {file.card.path: file.card, file.words.path: file.words}.values():
        yield from _in_body(written)


def _in_body(written: WrittenFile) -> Iterator[Finding]:
    for number, line in enumerate(written.body.split("\n"), start=written.first_line):
        if TO_WRITE in line:
            yield Finding(written.path, number, "unfinished", _FOUND, _CURE)
