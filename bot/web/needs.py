"""Group topics and first questions by what families come with: a new diagnosis, a trial, daily life, research.

The groups come from ``needs.toml``. Knows nothing of how they are shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.records import Source

OTHER = "other"
_FILE = Path(__file__).with_name("needs.toml")


@dataclass(frozen=True, slots=True)
class Start:
    """A question to start with, and the id of the source that answers it."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Need:
    """What a family comes with: the ids and tags of its sources, and its first questions."""

    name: str
    sources: tuple[str, ...]
    tags: tuple[str, ...]
    starts: tuple[Start, ...]


@lru_cache(maxsize=1)
def all_needs() -> tuple[Need, ...]:
    """Return every need, in display order."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Need(
            row["name"],
            tuple(row["sources"]),
            tuple(row["tags"]),
            tuple(Start(start["source"], start["text"]) for start in row["starts"]),
        )
        for row in table["needs"]
    )


def need_of(source: Source) -> str:
    """Return the name of the need that a source belongs to, ``other`` if none."""
    named = next((need.name for need in all_needs() if source.id in need.sources), None)
    if named is not None:
        return named
    owners = {tag: need.name for need in reversed(all_needs()) for tag in need.tags}
    return next((owners[tag] for tag in source.tags if tag in owners), OTHER)


def by_need(sources: Iterable[Source]) -> dict[str, list[Source]]:
    """Return the sources by need, both in display order; needs without a source are left out."""
    found: dict[str, list[Source]] = {name: [] for name in (*(need.name for need in all_needs()), OTHER)}
    for source in sources:
        found[need_of(source)].append(source)
    return {name: listed for name, listed in found.items() if listed}


def starts_of(sources: Iterable[Source], tags: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the first questions by need, as far as a source answers them.

    :param tags: a source must have one of these; without any, all count
    """
    there = {source.id for source in sources if not tags or set(tags) & set(source.tags)}
    asked = {need.name: [start.text for start in need.starts if start.source in there] for need in all_needs()}
    return {name: questions for name, questions in asked.items() if questions}
