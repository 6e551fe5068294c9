"""Read the bytes of a file into text, or raise a CorpusError that names the line.

Knows encodings and sizes, and not what the text means.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import CorpusError

if TYPE_CHECKING:
    from pathlib import Path

MAX_FILE_BYTES = 20_000_000  # far above any page or transcript: a larger file is a recording or a mistake
MAX_TEXT_CHARS = 200_000  # about 35,000 words, or four hours of talk: a larger document should be several

IMAGES = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})
_ABOUT_THE_FOLDER = frozenset({"readme", "license", "licence", "copying", "notice"})

# Invisible characters that must not break a search: control characters, soft hyphen, zero-width space, byte-order mark;
# and letters struck out with a combining stroke. Joiners stay, because emoji and some scripts need them, and so do the
# characters that separate words.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\ufeff]|[^\\n][\u0335\u0336]")
_FOREIGN_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as read; ``name`` is its path in messages, ``text`` has ``\\n`` line ends and no byte-order mark."""

    path: Path
    name: str
    raw: bytes
    text: str


def is_left_out(path: Path) -> bool:
    """Say whether a file or folder is not part of a corpus.

    The whole rule: a name that begins with a dot; a file called README, LICENSE, LICENCE, COPYING or NOTICE with any
    extension; an image, which pages show and nobody reads.
    """
    if path.name.startswith("."):
        return True
    is_about = path.name.split(".", 1)[0].lower() in _ABOUT_THE_FOLDER
    return (is_about or path.suffix.lower() in IMAGES) and not path.is_dir()


def read_text_file(path: Path) -> TextFile:
    """Return a file with its text, which must be UTF-8, not empty and within the size limit.

    :raises CorpusError: if it cannot be read as text
    """
    name = str(path)
    if path.exists() and not path.is_file():
        raise CorpusError(name, None, "this is no ordinary file", "Move it out of the corpus.")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CorpusError(
                name, None, f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB", "Split it into several files."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(name, error) from error
    text = decode(raw, name)
    if not text.strip():
        raise CorpusError(name, None, "the file is empty", "Write its text, or remove the file.")
    return TextFile(path, name, raw, text)


def unreadable(name: str, error: OSError) -> CorpusError:
    """Return the error for a file that the system does not let us open."""
    reason = error.strerror or type(error).__name__
    return CorpusError(name, None, f"the file cannot be opened ({reason})", "Check its name and its permissions.")


def decode(raw: bytes, name: str, line: int = 1) -> str:
    """Return bytes as text with ``\\n`` line ends, in Unicode's composed form (NFC).

    :param raw: UTF-8, with or without a byte-order mark
    :param line: the number of the first line of ``raw``
    :raises CorpusError: if the bytes are not UTF-8 or hold a NUL
    """
    for mark, encoding in _FOREIGN_MARKS.items():
        if raw.startswith(mark):
            raise CorpusError(name, line, f"the file is {encoding}", "Save it again as UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = line + raw.count(b"\n", 0, error.start)
        found = f"byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8"
        raise CorpusError(name, at, found, "Save the file again as UTF-8.") from error
    if "\x00" in text:
        at = line + text.count("\n", 0, text.index("\x00"))
        raise CorpusError(name, at, "there is a NUL byte", "The file is damaged or not text; export it again.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space, and without invisible characters."""
    return " ".join((text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)).split())


def line_of(text: str, position: int) -> int:
    """Return the number, from 1, of the line that holds a position."""
    return text.count("\n", 0, position) + 1
