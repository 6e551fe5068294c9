"""Say whether a message contains a phrase of ``phrases.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import Any

_APOSTROPHES = re.compile(r"(?<=\w)['’‘`´](?=\w)")


def says(message: str, phrase: str) -> bool:
    """Say whether any expression of a phrase matches a message."""
    return phrase_in(message, phrase) is not None


def phrase_in(message: str, phrase: str) -> str | None:
    """Return the part of a message that a phrase matches, which is its start for a ``begins`` expression.

    :returns: a part of the message without apostrophes; ``None`` if nothing matches.
    """
    read = _APOSTROPHES.sub("", message)
    entry = _file()[phrase]
    for how in ("all", "begins", "within"):
        for expression in entry.get(how, ()):
            found = _find(expression, how, read)
            if found is not None:
                return found.group()
    return None


def rest_after(message: str, phrase: str) -> str | None:
    """Return the rest of a message after the phrase that it begins with.

    :param phrase: a table of the file with ``begins``.
    :returns: a slice of the message, perhaps empty; ``None`` if the message does not begin with the phrase.
    """
    read = _APOSTROPHES.sub("", message)
    found = [match for one in _file()[phrase]["begins"] if (match := _find(one, "begins", read)) is not None]
    if not found:
        return None
    left_out = {match.start() for match in _APOSTROPHES.finditer(message)}
    kept = [place for place in range(len(message)) if place not in left_out]
    end = max(match.end() for match in found)
    return message[kept[end] :] if end < len(kept) else ""


def _find(expression: str, how: str, text: str) -> re.Match[str] | None:
    pattern = _compiled(expression)
    if how == "all":
        return pattern.fullmatch(text)
    return pattern.match(text) if how == "begins" else pattern.search(text)


@lru_cache(maxsize=64)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression.replace("{lead}", str(_file()["lead"])), re.I | re.S)


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
