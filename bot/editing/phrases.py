"""Find the phrases of ``phrases.toml`` in what editors wrote: pointers and times that make no sense in a quote."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.editing.finding import Finding, Severity
    from bot.editing.sourcefile import SourceFile

_LIST = "phrases.toml"


@dataclass(frozen=True, slots=True)
class PhraseGroup:
    """Phrases that are wrong for one reason; a pattern is ``None`` if the group has no phrases of that kind."""

    why: str
    cure: str
    severity: Severity
    anywhere: re.Pattern[str] | None
    openings: re.Pattern[str] | None


def check_phrases(file: SourceFile) -> Iterator[Finding]:
    """Yield every phrase of the list, except in recordings, whose words nobody may change."""
    if file.is_recording:
        return
    for group in phrase_groups():
        for at, phrase in sorted(set(_found(file, group))):
            found = f"“{phrase}” {group.why}"
            yield file.in_words("phrases", found, group.cure, at=at, severity=group.severity)


@cache
def phrase_groups() -> tuple[PhraseGroup, ...]:
    """Return the phrases of the list, in groups."""
    groups = tomllib.loads((Path(__file__).parent / _LIST).read_text(encoding="utf-8"))["group"]
    return tuple(
        PhraseGroup(
            group["why"],
            group["cure"],
            group["severity"],
            _pattern(group.get("anywhere", ())),
            _pattern(group.get("openings", ())),
        )
        for group in groups
    )


def _found(file: SourceFile, group: PhraseGroup) -> Iterator[tuple[int, str]]:
    text = file.source.text
    if group.anywhere:
        yield from ((match.start(), match.group()) for match in group.anywhere.finditer(text))
    if group.openings:
        starts = (section.span[0] for section in file.source.sections if section.headings)
        matches = (group.openings.match(text, start) for start in starts)
        yield from ((match.start(), match.group()) for match in matches if match)


def _pattern(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that tries the longest phrase first, so that "as mentioned above" is not "mentioned above"."""
    words = [r"\s+".join(map(re.escape, phrase.split())) for phrase in sorted(phrases, key=len, reverse=True)]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None
