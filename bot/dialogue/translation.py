"""Translate a question into English search words with a glossary that people wrote.

It works word by word, longest phrase first: enough to find a passage, not to be read. Knows nothing of what the corpus
holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from bot.indexing.lexical import words_of

# The share of a question's words that must be in the glossary; the others may be names, and stay as typed.
_KNOWN_SHARE = 0.6
_PLURALS = (("ces", "z"), ("es", ""), ("s", ""))


def to_english(message: str, language: str) -> str | None:
    """Return English words for a question.

    :param language: a code of ``languages.toml``.
    :returns: ``None`` if the language has no glossary, or if too few words are known.
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
    """Yield how many words are read together, and their English, if known."""
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
