"""Hash the runs of letters and words of a text in any language, and weigh them, as features for learning.

Accents of Latin, Cyrillic and Arabic letters are folded away, so that a message typed without them reads the same.
Knows nothing of what is learnt.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

PLACES = 1 << 16
_LETTERS = range(1, 6)
# Combining signs up to here only mark letters that families leave unmarked; in Indic scripts they are vowels.
_LAST_FOLDED_SIGN = "\u06ff"
# The dotless i of Turkish, and letters of Persian and Urdu keyboards that stand for Arabic ones.
_ALIKE = str.maketrans("ıىیكۀہھةٱ", "iييکهههها")
_REPEATED = re.compile(r"(\D)\1{2,}")
_MOST_LETTERS = 700
# A sign is one run among hundreds of letters, so it counts as if it were said this often.
_SIGN_COUNTS = 8


def fold(text: str) -> str:
    """Return a text as it is read: NFKC, lower case, no accents, digits as 0, other signs as single spaces."""
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(_readable(character) for character in opened)
    folded = unicodedata.normalize("NFC", kept).translate(_ALIKE)
    return _REPEATED.sub(r"\1\1", " ".join(folded.split()))


@lru_cache(maxsize=4096)
def _readable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category[0] == "M":
        return "" if character <= _LAST_FOLDED_SIGN else character
    if category[0] == "N":
        return "0"
    return character if category[0] == "L" else " "


def places_of(text: str) -> list[tuple[int, int]]:
    """Return the places of a text's runs, with the count of each.

    :param text: as typed; only the beginning and end of a long one are read.
    :returns: (place, count), each place once.
    """
    folded = fold(text)
    if len(folded) > _MOST_LETTERS:
        half = _MOST_LETTERS // 2
        folded = f"{folded[:half]} {folded[-half:]}"
    words = folded.split()
    places = [place for word in words for place in _places_in(word)]
    places += map(_place_of, _runs_of_words(words, signs_in(folded)))
    return list(Counter(places).items())


# Most words of a message were in earlier messages; a cached word takes some hundred bytes.
@lru_cache(maxsize=4096)
def _places_in(word: str) -> tuple[int, ...]:
    """Return the places of the runs of letters of a word."""
    padded = f" {word} "
    runs = (padded[start : start + size] for size in _LETTERS for start in range(len(padded) - size + 1))
    return tuple(map(_place_of, runs))


def _place_of(run: str) -> int:
    return zlib.crc32(run.encode()) % PLACES


def weighed(places: Sequence[tuple[int, int]], rarities: Sequence[float]) -> list[float]:
    """Return the weight of each place: one plus the logarithm of its count, times its rarity, scaled to unit length.

    :param places: from ``places_of``.
    :returns: one weight for each place, in order.
    """
    counted = zip(places, rarities, strict=True)
    weights = [(1 + math.log(count)) * rarity for (_, count), rarity in counted]
    length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
    return [weight / length for weight in weights]


def signs_in(folded: str) -> list[str]:
    """Return the signs of ``signs.toml`` that are in a text: meanings, whatever language they are said in.

    :param folded: from ``fold``.
    :returns: in the order of the file.
    """
    spaced, found = f" {folded} ", set[str]()
    signs = _signs()
    for place, sign in enumerate(spaced):
        # Stems of scripts without spaces may begin anywhere, others only where a word does.
        begun = signs.at_word if sign == " " else signs.anywhere.get(sign, {})
        for length, named in begun.items():
            found.update(named.get(spaced[place : place + length], ()))
    return [sign for sign in signs.order if sign in found]


# The signs that each stem stands for, by the length of the stem.
_Stems = dict[int, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs in order, with the stems that must begin a word, and those that may begin anywhere by first letter."""

    order: tuple[str, ...]
    at_word: _Stems
    anywhere: dict[str, _Stems]


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    content = tomllib.loads(resources.files(__package__).joinpath("signs.toml").read_text(encoding="utf-8"))
    signs = _Signs(tuple(dict.fromkeys(sign for entries in content.values() for sign in entries)), {}, {})
    listed = [
        (sign, part) for entries in content.values() for sign, parts in entries.items() for part in parts.split("|")
    ]
    for sign, part in listed:
        stem = _stem(part)
        begun = signs.at_word if stem[0] == " " else signs.anywhere.setdefault(stem[0], {})
        begun.setdefault(len(stem), {}).setdefault(stem, []).append(sign)
    return signs


def _stem(written: str) -> str:
    """Return a stem in the form that is searched.

    A stem of a script with spaces begins a word; one that ends with ``_`` is a whole word.
    """
    folded = fold(written)
    begin = " " if is_spaced(folded) else ""
    return f"{begin}{folded}{' ' if written.endswith('_') else ''}"


def is_spaced(text: str) -> bool:
    """Say whether a text is in a script that separates its words."""
    return not any("\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff" for character in text)


def _runs_of_words(words: Sequence[str], signs: Sequence[str]) -> list[str]:
    runs = [f"w {word}" for word in words]
    runs += [f"w {first} {second}" for first, second in pairwise(words)]
    runs += [f"s {sign}" for sign in signs for _ in range(_SIGN_COUNTS)]
    runs += [f"s {first} {second}" for first in signs for second in signs if first < second]
    return runs
