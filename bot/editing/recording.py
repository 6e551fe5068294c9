"""Write who reviewed a source and when into its front matter, and leave its other lines as they are.

The reviewed text is recorded as a hash, so that a later change can be detected. Knows nothing of what a review is.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.editing.bank import write_whole
from bot.editing.limits import DAYS_AHEAD
from bot.editing.sourcefile import source_file
from bot.editing.unfinished import check_unfinished
from bot.errors import CorpusError
from bot.reading.reviewing import UNREVIEWED, is_reviewer, review_digest
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from datetime import date

    from bot.editing.sourcefile import WrittenFile
    from bot.records import Source

_END = re.compile(r"-{3,}\s*")


def record_review(source: Source, by: str, on: date, *, today: date) -> Path:
    """Write into a source's front matter who reviewed it, when, and the hash of what it says.

    :param today: a review cannot be on a later day.
    :raises CorpusError: if nobody is named, the day is in the future, or the source cannot be marked so.
    """
    file = source_file(source)
    card = file.card
    if not is_reviewer(by):
        raise CorpusError(card.path, None, f"{by!r} names nobody", "Give the reviewer's name with --by.")
    if on > today + timedelta(days=DAYS_AHEAD):
        raise CorpusError(card.path, None, f"{on} has not come yet", "Give the day of the review with --on.")
    left = next(check_unfinished(file), None)
    if left is not None:
        raise CorpusError(left.path, left.line, left.found, "Finish it before it is reviewed.")
    if not card.fields.lines:
        raise CorpusError(card.path, 1, "there is no front matter to write in", "Begin the file with `---` and fields.")
    given = {"reviewed_on": on.isoformat(), "reviewed_by": json.dumps(one_line(by), ensure_ascii=False)}
    fields = {**given, "reviewed_sha256": review_digest(source)}
    if card.fields.values.get("reviewed_by") == UNREVIEWED and source.updated_on:
        # The old form put the day of the last change where the day of the review goes now.
        fields = {"updated_on": source.updated_on, **fields}
    _write(card, fields)
    return Path(card.path)


def _write(card: WrittenFile, fields: dict[str, str]) -> None:
    path = Path(card.path)
    # Bytes, because reading as text would change how lines end.
    lines = path.read_bytes().decode("utf-8").split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    for field, value in fields.items():
        written = f"{field}: {value}{end}"
        number = card.fields.lines.get(field)
        if number is None:
            continue
        if lines[number][:1] in (" ", "\t"):
            raise CorpusError(card.path, number, f"{field} goes over several lines", "Write it on one line.")
        lines[number - 1] = written
    new = [f"{field}: {value}{end}" for field, value in fields.items() if field not in card.fields.lines]
    at = _place_in(card, lines)
    write_whole(path, "\n".join([*lines[:at], *new, *lines[at:]]))


def _place_in(card: WrittenFile, lines: list[str]) -> int:
    """Return the line before which new fields go: after the related fields, else at the end of the front matter."""
    near = [
        card.fields.lines[name] for name in ("updated_on", "reviewed_on", "reviewed_by") if name in card.fields.lines
    ]
    if near:
        return max(near)
    first = min(card.fields.lines.values())
    return next(number for number in range(first, len(lines)) if _END.fullmatch(lines[number]))
