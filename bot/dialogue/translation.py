"""A question in another language -> English words to look it up by, from a glossary that people wrote.

Word by word, the longest phrase first: enough to find a passage, not to be read. In: text as typed. Out: English
words, or nothing where too little of the question is known. It must not know what the corpus holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from bot.indexing.lexical import words_of

# How much of a question must be in the glossary: what is not may be a name, and is kept as it was typed.
_KNOWN_SHARE = 0.6
_PLURALS = (("ces", "z"), ("es", ""), ("s", ""))


def to_english(message: str, language: str) -> str | None:
    """Return English words for a question.

    :param language: a code of ``languages.toml``.
    :returns: ``None`` for a language without a glossary, and where too few words are known.
    """
    phrases = _glossary(language)
    words = words_of(message)
    if not phrases or not words:
        return None
    read = list(_read(words, phrases))
    known = sum(count for count, english in read if english is not None)
    if known < _KNOWN_SHARE * len(words):
        return None
    start, english = 0, []
    for count, found in read:
        english.append(" ".join(words[start : start + count]) if found is None else found)
        start += count
    return " ".join(part for part in english if part) or None


def _read(words: list[str], phrases: dict[str, str]) -> Iterator[tuple[int, str | None]]:
    """How many words are read together, and what they are in English."""
    longest = max(phrase.count(" ") + 1 for phrase in phrases)
    start = 0
    while start < len(words):
        for size in range(min(longest, len(words) - start), 0, -1):
            found = _meant(words[start : start + size], phrases)
            if found is not None or size == 1:
                yield size, found
                start += size
                break


def _meant(words: list[str], phrases: dict[str, str]) -> str | None:
    found = phrases.get(" ".join(words))
    if found is not None:
        return found
    for ending, single in _PLURALS:
        if all(word.endswith(ending) and len(word) > len(ending) + 1 for word in words):
            found = phrases.get(" ".join(word.removesuffix(ending) + single for word in words))
            if found is not None:
                return found
    return None


@lru_cache(maxsize=8)
def _glossary(language: str) -> dict[str, str]:
    file = resources.files(__package__).joinpath("glossaries", f"{language}.toml")
    if not file.is_file():
        return {}
    return dict(tomllib.loads(file.read_text(encoding="utf-8"))["words"])
