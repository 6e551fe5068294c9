"""Decode the bytes of a feed to UTF-8, whatever its declaration or its server says.

Non-ASCII bytes that are valid UTF-8 are taken as UTF-8, whatever they are labelled: no text in another encoding is so
by chance. Bytes that cannot be decoded as labelled are refused.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from bot.errors import FeedError

if TYPE_CHECKING:
    from bot.syncing.entry import Document

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARATION = re.compile(rb"\s*+<\?xml\b[^<>]{0,300}?\bencoding\s*+=\s*+[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_ANY_DECLARATION = re.compile(r"\s*+<\?xml\b[^<>]{0,300}\?>\s*+")
_CHARSET = re.compile(r"\bcharset\s*+=\s*+[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Every browser reads these as Windows-1252 (encoding.spec.whatwg.org).
_AS_WINDOWS = frozenset({"iso8859-1", "ascii"})


def as_utf8(document: Document, shown: str) -> bytes:
    """Return the feed as UTF-8 without a declaration, beginning with its first element or comment.

    :raises FeedError: if its encoding is unknown, or not the one it is labelled with
    """
    body = document.body
    text = _decoded(body, _encoding_of(body, document.media_type, shown), shown)
    return _ANY_DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).encode("utf-8", "replace")


def _encoding_of(body: bytes, media_type: str, shown: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    start = body.lstrip(b"\r\n\t \0")[:1]
    wide = next((encoding for mark, encoding in _UNMARKED if mark in body[:200]), None) if start == b"<" else None
    if wide:
        return wide
    if not body.isascii() and _is_utf8(body):
        return "utf-8"
    sent, declared = _CHARSET.search(media_type), _DECLARATION.match(body[:1000])
    named = sent[1] if sent else declared[1].decode("ascii") if declared else "utf-8"
    try:
        name = codecs.lookup(named).name
    except LookupError as error:
        raise FeedError(shown, f"there is no encoding {named!r}", "Have the feed published as UTF-8.") from error
    if name.startswith(("utf-16", "utf-32")):
        # The bytes show no sign of it.
        return "utf-8"
    return "cp1252" if name in _AS_WINDOWS else name


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, encoding: str, shown: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        found = f"line {line}: byte 0x{body[error.start]:02x} is not {encoding.upper()}, as the feed is called"
        raise FeedError(shown, found, "Have it published as UTF-8.") from error
    except LookupError as error:
        raise FeedError(shown, f"{encoding!r} is no encoding of text", "Have it published as UTF-8.") from error
