"""A page that is not here -> the pages that its address comes nearest to.

Comes in: an address and sources. Goes out: sources. Nothing is encoded and no index is asked, since anybody may make up
as many addresses as they like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.records import Source

_WORD = re.compile(r"[a-z0-9]+")
_LEAST_LETTERS = 3
_MOST_WORDS = 8
# A letter too many, too few or wrong in a word of six is 0.83 to 0.92 alike; "gene" and "genes" are 0.89.
_ALIKE = 0.8
_LEAST_SHARE = 0.5


def nearest_to(path: str, sources: Sequence[Source], most: int) -> list[Source]:
    """The sources whose names have most of the words of an address, the nearest first.

    :param sources: in their order, which holds among equals
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
