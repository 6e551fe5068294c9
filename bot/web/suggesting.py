"""Find the pages that come nearest to an address that does not exist.

Nothing is encoded and no index is searched, since anybody may make up as many addresses as they like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.records import Source

_WORD = re.compile(r"[a-z0-9]+")
_LEAST_LETTERS = 3
_MOST_WORDS = 8
# One extra, missing or wrong letter in a word of six gives 0.83 to 0.92; "gene" and "genes" give 0.89.
_ALIKE = 0.8
_LEAST_SHARE = 0.5


def nearest_to(path: str, sources: Sequence[Source], most: int) -> list[Source]:
    """Return the sources whose names share most words with an address, the nearest first.

    :param sources: in their usual order, which breaks ties
    :returns: only those that have half of its words; none where it has no word of three letters
    """
    asked = [word for word in _words(path) if len(word) >= _LEAST_LETTERS][:_MOST_WORDS]
    asked = [word for word in asked if word not in {"explainers", "interviews", "html", "php"}]
    if not asked:
        return []
    shares = [(sum(_has(_words(f"{one.id} {one.title}"), word) for word in asked) / len(asked), one) for one in sources]
    near = [(share, _likeness(one.id, "-".join(asked)), one) for share, one in shares if share >= _LEAST_SHARE]
    return [source for _, _, source in sorted(near, key=lambda found: found[:2], reverse=True)[:most]]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _has(words: Sequence[str], asked: str) -> bool:
    return any(_likeness(word, asked) >= _ALIKE for word in words)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
