"""Find the patterns and cues of ``patterns.toml`` in a sentence.

Decides nothing: see ``danger``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

Kind = Literal["emergency", "crisis", "personal"]
KINDS: tuple[Kind, ...] = ("emergency", "crisis", "personal")
CUES = ("general", "past", "imagined", "denied", "idiom")


@dataclass(frozen=True, slots=True)
class Pattern:
    """An entry of the file: its regular expressions, joined into one of each kind, and the cues that take it back."""

    id: str
    kind: Kind
    why: str
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    not_when: frozenset[str]


@dataclass(frozen=True, slots=True)
class PatternSet:
    """All patterns and cues of the file."""

    patterns: tuple[Pattern, ...]
    cues: dict[str, re.Pattern[str]]

    def cues_in(self, text: str) -> frozenset[str]:
        """Return the names of the cues in a text.

        :param text: from ``plain``.
        :returns: some of ``CUES``.
        """
        return frozenset(name for name, cue in self.cues.items() if cue.search(text))

    def found_in(self, text: str, cues: frozenset[str]) -> tuple[Pattern, ...]:
        """Return the patterns that count in a text.

        :param text: from ``plain``.
        :param cues: from ``cues_in``; they take patterns back.
        :returns: in the order of the file.
        """
        return tuple(
            pattern
            for pattern in self.patterns
            if not cues & pattern.not_when
            and pattern.find.search(text)
            and not (pattern.unless and pattern.unless.search(text))
        )


@lru_cache(maxsize=1)
def packaged_patterns() -> PatternSet:
    """Return ``patterns.toml`` as it ships with the project, compiled."""
    content = tomllib.loads(resources.files(__package__).joinpath("patterns.toml").read_text(encoding="utf-8"))
    patterns = tuple(
        Pattern(
            entry["id"],
            entry["kind"],
            entry["why"],
            _any_of(entry["find"]),
            _any_of(entry["unless"]) if "unless" in entry else None,
            frozenset(entry["not_when"]),
        )
        for entry in content["pattern"]
    )
    return PatternSet(patterns, {name: _any_of(found) for name, found in content["cues"].items()})


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))
