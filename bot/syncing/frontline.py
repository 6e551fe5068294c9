"""Change one front matter field of a file and leave every other byte as it was.

An editor's file is not rewritten for one field: its quotes, comments and line ends stay.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import yaml

from bot.errors import CorpusError, FeedError
from bot.reading.frontmatter import read_front_matter
from bot.reading.textfile import TextFile, decode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FENCE = re.compile(rb"(?:\xef\xbb\xbf)?-{3,}[ \t]*[\r\n]*")
_LINE_END = re.compile(rb"(?:\r\n|\n|\r)\Z")


def with_field(raw: bytes, path: Path, name: str, value: str | None) -> bytes:
    """Return the file with the field on a line of its own.

    :param value: one line of text; ``None`` writes null
    :raises FeedError: if the file has no front matter, or one line cannot change the field
    """
    before = _fields(raw, path)
    lines = raw.splitlines(keepends=True)
    fences = [number for number, line in enumerate(lines) if _FENCE.fullmatch(line)][:2]
    if before is None or len(fences) < 2:
        raise FeedError(str(path), "the file has no front matter", f"Begin it with `---`, `{name}: ...`, `---`.")
    written = f"{name}: {_scalar(value)}".encode()
    field = _line_of(name)
    for number in range(fences[0] + 1, fences[1]):
        end = _LINE_END.search(lines[number])
        line_end = end[0] if end else b""
        if found := field.fullmatch(lines[number].removesuffix(line_end)):
            lines[number] = written + (found["comment"] or b"") + line_end
            break
    else:
        end = _LINE_END.search(lines[fences[0]])
        lines.insert(fences[1], written + (end[0] if end else b"\n"))
    after = b"".join(lines)
    if _fields(after, path) != {**before, name: value}:
        raise FeedError(str(path), f"{name} is not on a line of its own", f"Write `{name}: {value}` there yourself.")
    return after


def _line_of(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"%s[ \t]*:(?:[ \t].*?)??(?P<comment>[ \t]+#.*)?" % re.escape(name.encode()))


def _scalar(value: str | None) -> str:
    """Return a value as YAML, quoted where it needs to be."""
    if value is None:
        return "null"
    try:
        is_plain = yaml.safe_load(f"x: {value}") == {"x": value}
    except yaml.YAMLError:
        is_plain = False
    # YAML does not read a day as text, but our reader does, and editors write it without quotes.
    is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None
    return value if is_plain or is_day else json.dumps(value, ensure_ascii=False)


def _fields(raw: bytes, path: Path) -> Mapping[str, object] | None:
    try:
        fields, _, _ = read_front_matter(TextFile(path, str(path), raw, decode(raw, str(path))))
    except CorpusError as error:
        raise FeedError(str(path), error.found, error.remedy) from error
    return None if fields is None else fields.values
