"""Write raised and lowered characters as plain text, because 10<sup>14</sup> must never be read as 1014.

Knows nothing of which element or style raised them.
"""

from __future__ import annotations

import re

from bot.reading.textfile import one_line

_FROM = "0123456789+-\u2212\u2013=()abcdefghijklmnoprstuvwxyz"
_RAISED = str.maketrans(
    _FROM,
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u207b\u207b\u207c\u207d\u207e"
    "\u1d43\u1d47\u1d9c\u1d48\u1d49\u1da0\u1d4d\u02b0\u2071\u02b2\u1d4f\u02e1\u1d50\u207f\u1d52\u1d56"
    "\u02b3\u02e2\u1d57\u1d58\u1d5b\u02b7\u02e3\u02b8\u1dbb",
)
_LOWERED = str.maketrans(
    _FROM[:17],
    "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089\u208a\u208b\u208b\u208b\u208c\u208d\u208e",
)
_SIGNS = re.compile(r"[0-9+\-\u2212\u2013=()a-pr-z, ]+")
_LOW_SIGNS = re.compile(r"[0-9+\-\u2212\u2013=()]+")
_NUMBER_FIRST = re.compile(r"[+\-\u2212\u2013]?\d{1,3}(?=\s)")
_MARKS = {"tm": "\u2122", "sm": "\u2120", "(r)": "\u00ae", "(c)": "\u00a9"}
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
# Longer ones are words in small print.
_MAX_SIGNS = 12
# A pointer to a note, not a word of the text: [3], or numbers after the end of a sentence or clause.
_POINTER = re.compile(r"\[[^\[\]]{1,20}\]")
_NUMBERS = re.compile(r"\d{1,3}(?:[,;\u2013-] ?\d{1,3})*+")
_ENDS = frozenset('.,;:?!\u201d"\u2026')


def raised(inner: str, before: str, after: str, *, is_pointer: bool = False) -> str:
    """Return raised characters as Unicode's own, or after a ``^`` where it has none; drop a pointer to a note.

    :param before: the character before, or nothing
    :param after: the character after, or nothing
    """
    text = one_line(inner)
    if is_pointer or _POINTER.fullmatch(text) or (before in _ENDS and before and _NUMBERS.fullmatch(text)):
        return ""
    if text.casefold() in _MARKS:
        return _MARKS[text.casefold()]
    if (before.isdigit() and text.casefold() in _ORDINALS) or not (before.strip() or after.strip() or _digits(text)):
        return text
    if before.isdigit() and text.casefold() == "o" and after in ("C", "F", "c"):
        return "\u00b0"
    if len(text) > _MAX_SIGNS or (" " in text and not _SIGNS.fullmatch(text)):
        # An unclosed tag raises everything to the end: only the number is meant, not the words.
        number = _NUMBER_FIRST.match(text) if before.isalnum() else None
        return f"{number[0].translate(_RAISED)}{text[number.end() :]}" if number else f" {text} "
    if _SIGNS.fullmatch(text):
        return text.translate(_RAISED)
    return f"^{text}" if any(map(str.isalnum, text)) and before.strip() else text


def lowered(inner: str, before: str, after: str) -> str:
    """Return lowered characters as plain ones where they cannot be misread (H2O, Cmax), else as Unicode's own.

    :param before: the character before, or nothing
    :param after: the character after, or nothing
    """
    text = one_line(inner)
    runs_on = text[-1:].isalnum() and after.isdigit()
    if (before.isalpha() or before in ")]") and before and not runs_on:
        return text
    if _LOW_SIGNS.fullmatch(text):
        return text.translate(_LOWERED)
    return f"_{text}" if before.isalnum() and text else text


def _digits(text: str) -> bool:
    return any(map(str.isdigit, text))
