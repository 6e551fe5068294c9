"""Messages made to keep one expression busy: its own words again and again, its classes in long runs, near misses.

In: a compiled expression. Out: shapes of texts of any length. It must not know what the expression is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.structure.parsing import parsed, sample_of, ways_through, words_in

# What few expressions take, and what many do.
_BEHIND = ("\x01", " 1")
_EVERYWHERE = (*"a1 .-\né漢A(", "a ", "1 ", "1. ", "a.a", "A1-", "at 1", "a'", "\u0301", "1/", "😀")
_MOST_WORDS, _MOST_SAMPLES = 6, 4


@dataclass(frozen=True, slots=True)
class Shape:
    """A message of any length: something, the same again and again, something."""

    before: str
    again: str
    behind: str

    def of(self, chars: int) -> str:
        room = max(0, chars - len(self.before) - len(self.behind))
        return f"{self.before}{(self.again * (room // len(self.again) + 1))[:room]}{self.behind}"


def shapes_against(pattern: re.Pattern[Any]) -> Iterator[Shape]:
    """Shapes of messages that may take an expression long.

    :param pattern: of text or bytes
    :returns: each shape once, in an order that is always the same
    """
    tree = parsed(pattern)
    ways = range(min(ways_through(tree), _MOST_SAMPLES))
    samples = dict.fromkeys(sample_of(tree, way, turns) for turns in (0, 1, 3) for way in ways)
    yield from dict.fromkeys(_shapes(list(filter(None, samples))[:_MOST_SAMPLES], list(dict.fromkeys(words_in(tree)))))


def _shapes(samples: list[str], words: list[str]) -> Iterator[Shape]:
    for again in _EVERYWHERE:
        yield from (Shape("", again, behind) for behind in _BEHIND)
    yield from (Shape("", f"{word} ", "1\x01") for word in words)
    for word in (*words[:: max(1, len(words) // _MOST_WORDS)], *samples):
        yield Shape("", word, "1\x01")
        yield from (Shape(f"{word} ", again, " 1\x01") for again in "a1 ")
    for sample in samples:
        # Near misses: all but the end, the inside over and over, and then something else.
        for cut in sorted({1, 2, len(sample) // 2}):
            yield Shape("", sample[:-cut] or "a", "\x01")
            yield Shape(sample[:cut], sample[cut:-1] or "a", "\x01")
