"""Find, for each quote that a changed text has lost, the nearest sentence that stands there now.

A changed text takes its lines of the question bank with it. Most changed sentences say the same in other words. The
nearest one is shown with its score, and is written only if the score is high enough and no number or negation was added
or lost. Knows nothing of how a question is answered.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rapidfuzz import fuzz, utils

from bot.editing.limits import CARRIED_OVER_FROM
from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.records import Source

Kind = Literal["quote", "section"]
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_NEGATION = re.compile(r"\b(?:not|no|never|nobody|none|nothing|cannot|without|neither|nor)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Move:
    """A quote or a heading that its source has lost, and the nearest one there now; ``score`` is out of 100.

    ``why_not`` says why it is not carried over; ``None`` if it is.
    """

    line: int
    kind: Kind
    old: str
    new: str
    score: float
    why_not: str | None


class _Nearest(NamedTuple):
    text: str
    score: float


def moves_in(lines: Iterable[str], source: Source) -> Iterator[Move]:
    """Yield what each line of a file has lost; lines that are not questions are left to ``check``."""
    now = Standing(source)
    for number, line in enumerate(lines, start=1):
        given = _question(line)
        if given is None:
            continue
        moved = {quote: now.quote(number, quote) for quote in given["quotes"] if not now.has(quote)}
        yield from moved.values()
        section = given["section"]
        if section is not None and section not in now.headings:
            quotes = [moved[quote].new if quote in moved else quote for quote in given["quotes"]]
            held = [quote for quote in quotes if quote not in moved or moved[quote].why_not is None]
            yield now.section(number, section, held)


def carried_over(line: str, moves: Sequence[Move]) -> str:
    """Return a line with its moves made; if two quotes become the same sentence, it is there once.

    :returns: the line unchanged if there are no moves.
    """
    given = _question(line)
    if given is None or not moves:
        return line
    quotes = {move.old: move.new for move in moves if move.kind == "quote"}
    sections = {move.old: move.new for move in moves if move.kind == "section"}
    given["quotes"] = list(dict.fromkeys(quotes.get(quote, quote) for quote in given["quotes"]))
    given["section"] = sections.get(given["section"], given["section"])
    return json.dumps(given, ensure_ascii=False) + ("\r" if line.endswith("\r") else "")


class Standing:
    """The sentences and headings of a source as they are now."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sentences = [source.text[slice(*span)] for span in sentence_spans(source.text)]
        self.headings = [section.headings[-1] for section in source.sections if section.headings]

    def has(self, quote: str) -> bool:
        """Say whether the text has a quote, searching as the reader of questions does."""
        return bool(quote.strip()) and unicodedata.normalize("NFC", quote) in self._source.text

    def quote(self, line: int, old: str) -> Move:
        """Return the nearest sentence to a lost quote, and why it is not near enough, if so."""
        near = _nearest(old, self._sentences)
        return Move(line, "quote", old, near.text, near.score, _why_not(old, near))

    def section(self, line: int, old: str, quotes: Sequence[str]) -> Move:
        """Return where a lost heading goes: to the heading of the first quote found, else to the most similar one.

        :returns: the heading, and why it is not near enough, if so.
        """
        for quote in quotes:
            at = self._source.text.find(quote)
            for section in self._source.sections:
                if section.headings and section.span[0] <= at < section.span[1]:
                    new = section.headings[-1]
                    return Move(line, "section", old, new, _alike(old, new), None)
        # A heading has few words: one that lacks half of them is another heading.
        near = _nearest(old, self.headings, alike=fuzz.token_sort_ratio)
        return Move(line, "section", old, near.text, near.score, _why_not(old, near))


def _question(line: str) -> dict[str, Any] | None:
    try:
        given = json.loads(line.removeprefix("\ufeff"))
    except json.JSONDecodeError:
        return None
    is_one = isinstance(given, dict) and isinstance(given.get("quotes"), list) and "section" in given
    return given if is_one and all(isinstance(quote, str) for quote in given["quotes"]) else None


def _nearest(old: str, others: Iterable[str], alike: Callable[..., float] = fuzz.token_set_ratio) -> _Nearest:
    """Return the text that shares most words with another; among equals, the one of most similar length."""
    scored = ((_alike(old, other, alike), fuzz.ratio(old, other), other) for other in others)
    score, _, text = max(scored, key=lambda one: one[:2], default=(0.0, 0.0, ""))
    return _Nearest(text, score)


def _alike(one: str, other: str, alike: Callable[..., float] = fuzz.token_set_ratio) -> float:
    return round(alike(one, other, processor=utils.default_process), 1)


def _why_not(old: str, near: _Nearest) -> str | None:
    if near.score < CARRIED_OVER_FROM:
        return f"below {CARRIED_OVER_FROM:g}"
    if not set(_NUMBER.findall(old)) <= set(_NUMBER.findall(near.text)):
        return "a number is gone"
    if bool(_NEGATION.search(old)) != bool(_NEGATION.search(near.text)):
        return "a negation came or went"
    return None
