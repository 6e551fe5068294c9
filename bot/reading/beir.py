"""Read a BEIR ``corpus.jsonl`` into article Sources, one a line.

Reads the fields ``_id``, ``title``, ``text``, ``url`` and ``synonyms`` and ignores all others. Knows nothing of queries
or judgements.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.errors import CorpusError
from bot.reading.links import is_safe_link
from bot.reading.pagetext import LINE_BREAK, PARAGRAPH_BREAK
from bot.reading.textfile import MAX_TEXT_CHARS, decode, one_line, unreadable
from bot.records import Source

if TYPE_CHECKING:
    from pathlib import Path

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
# A line that begins like a list item stays a line; other line breaks only wrap the text.
_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•·–]|\(?\d{1,2}[.)])[ \t])")


def read_beir(path: Path) -> tuple[list[Source], list[CorpusError]]:
    """Return the source of every good line, in order, and an error for every bad one."""
    sources: list[Source] = []
    errors: list[CorpusError] = []
    lines: dict[str, int] = {}
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                try:
                    source = _read_line(raw, str(path), number)
                    if source is not None:
                        _check_new(source, lines, number)
                        sources.append(source)
                except CorpusError as error:
                    errors.append(error)
    except OSError as error:
        errors.append(unreadable(str(path), error))
    if not sources and not errors:
        errors.append(CorpusError(str(path), None, "the file is empty", "Write one JSON object a line."))
    return sources, errors


def _check_new(source: Source, lines: dict[str, int], number: int) -> None:
    first = lines.setdefault(source.id, number)
    if first != number:
        path = source.path.rpartition(":")[0]
        raise CorpusError(path, number, f"_id {source.id!r} is also on line {first}", "Give each document its own.")


def _read_line(raw: bytes, name: str, number: int) -> Source | None:
    """Return the source on a line, ``None`` if the line is blank."""
    if not raw.strip():
        return None
    record = _record(decode(raw, name, number), name, number)
    source_id = _text(record, "_id", name, number)
    if not source_id:
        raise CorpusError(name, number, "_id is missing", "Give the document an `_id` of its own.")
    title = one_line(_text(record, "title", name, number))
    text = plain_paragraphs(_text(record, "text", name, number)) or title
    if not text:
        raise CorpusError(name, number, "both title and text are empty", "Give the document a text, or remove it.")
    if len(text) > MAX_TEXT_CHARS:
        found = f"the text has {len(text):,} characters, more than {MAX_TEXT_CHARS:,}"
        raise CorpusError(name, number, found, "Split it into several documents.")
    return Source(
        id=source_id,
        kind="article",
        title=title,
        text=text,
        path=f"{name}:{number}",
        digest=sha256(raw.strip()).hexdigest(),
        url=_url(record, name, number),
        synonyms=_synonyms(record, name, number),
    )


def plain_paragraphs(text: str) -> str:
    """Return a text with paragraphs apart, list items on lines of their own and other white space as single spaces."""
    if "\n" not in text:
        return one_line(text)
    paragraphs = []
    for paragraph in _PARAGRAPH.split(text):
        items = [line for line in map(one_line, _ITEM.split(paragraph)) if line]
        if items:
            paragraphs.append(LINE_BREAK.join(items))
    return PARAGRAPH_BREAK.join(paragraphs)


def _record(text: str, name: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(text)
        text.encode()
    except (ValueError, RecursionError) as error:
        raise CorpusError(name, number, "the line is not JSON", "Write one JSON object a line.") from error
    if not isinstance(record, dict):
        raise CorpusError(
            name, number, "the line is not a JSON object", 'Write {"_id": ..., "title": ..., "text": ...}.'
        )
    return record


def _text(record: dict[str, Any], field: str, name: str, number: int) -> str:
    value = record.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CorpusError(name, number, f"{field} is not text", f"Put the value of `{field}` in quotes.")
    return _checked(value, field, name, number)


def _checked(value: str, field: str, name: str, number: int) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        found = f"{field} has half a character (an escape \\ud800 to \\udfff on its own)"
        raise CorpusError(name, number, found, "Write the character itself.") from error
    if "\x00" in value:
        raise CorpusError(name, number, f"{field} has a NUL character", "Take it out.")
    return value


def _url(record: dict[str, Any], name: str, number: int) -> str | None:
    url = _text(record, "url", name, number).strip().replace(" ", "%20")
    if url and not is_safe_link(url):
        remedy = "Write a link that begins with https://, http:// or /, or leave it out."
        raise CorpusError(name, number, "url is not a link that may be shown", remedy)
    return url or None


def _synonyms(record: dict[str, Any], name: str, number: int) -> tuple[str, ...]:
    values = record.get("synonyms")
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise CorpusError(name, number, "synonyms is not a list of texts", 'Write ["one name", "another name"].')
    return tuple(filter(None, (one_line(_checked(value, "synonyms", name, number)) for value in values)))
