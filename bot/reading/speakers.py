"""Read the speaker labels in the lines of a transcript, and decide which of them are people.

Knows nothing of the file's format, only of what people type before a colon.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.reading.directions import MARK, TIME, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_NAME_WORDS = 7
_BOLD = re.compile(
    rf"(?:(?P<before>{MARK})\s*+)?(?P<fence>\*\*|__)(?P<name>[^*_]{{1,80}}?)\s*+(?P<within>{MARK})?\s*+(?P<colon>:)?\s*+(?P=fence)"
    rf"\s*+(?P<after>{MARK})?\s*+(?P<late_colon>:)?(?P<rest>.*)"
)
_PLAIN = re.compile(
    rf"(?:(?P<before>{MARK}|{TIME})\s*+[-–]?\s*+)?(?:>>++\s*+)?(?P<name>[^\W_][^:\[\]<>*|]{{0,60}}?)"
    rf"\s*+(?P<after>{MARK})?\s*+:(?:\s++(?P<rest>.*)|$)"
)
_NAME_AND_TIME = re.compile(rf"(?P<name>[^\W\d_][^:\[\]<>*|()]{{0,60}}?)\s++(?P<after>{MARK}|{TIME})\s*+$")
# Words that often stand before a colon and name nobody.
_NOBODY = re.compile(
    r"(notes?|sources?|warning|caution|tips?|(for )?examples?|remember|important|summary|question|conclusion"
    r"|references?|see also|update|disclaimer|fact|myth|credits?|date|title|time|topics?|why it matters|key terms"
    r"|related|read more|more|links?|www|https?|transcript|chapter|part|section|definition|first|second|third|finally"
    r"|next|then|so|and|but|or|also|here|today|however|kind|language|style|region)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """The start of a turn: the speaker, the time if the label gives one, and the words that follow on the line."""

    speaker: str
    start_s: float | None
    rest: str


def labels_in(lines: Sequence[str], known: Iterable[str] = ()) -> dict[int, Label]:
    """Return the labels of people, by the index of their line.

    If there are bold names, they are the only ones that count. A plain name counts if it occurs more than once, is
    ``known``, or has two or more words that each begin with a capital; a word like "Note" never counts.
    """
    bold = {index: label for index, line in enumerate(lines) if (label := _bold_label(line.strip()))}
    if bold:
        return bold
    plain = {index: label for index, line in enumerate(lines) if (label := _plain_label(line.strip()))}
    times_seen = Counter(label.speaker for label in plain.values())
    people = {name.casefold() for name in known}
    return {
        index: label
        for index, label in plain.items()
        if times_seen[label.speaker] > 1 or label.speaker.casefold() in people or _is_full_name(label.speaker)
    }


def _bold_label(line: str) -> Label | None:
    found = _BOLD.match(line)
    if found is None:
        return None
    times = [found[name] for name in ("within", "after", "before") if found[name]]
    if not (found["colon"] or found["late_colon"] or times) or not _may_be_name(found["name"]):
        return None
    return Label(found["name"].strip(), seconds_of(times[0]) if times else None, found["rest"].strip())


def _plain_label(line: str) -> Label | None:
    found = _PLAIN.match(line)
    if found is None:
        found = _NAME_AND_TIME.match(line)
        if found is None or not _may_be_name(found["name"]):
            return None
        return Label(found["name"].strip(), seconds_of(found["after"]), "")
    if not _may_be_name(found["name"]):
        return None
    time = found["after"] or found["before"]
    return Label(found["name"].strip(), seconds_of(time) if time else None, (found["rest"] or "").strip())


def _may_be_name(name: str) -> bool:
    name = name.strip()
    return bool(name) and not name[0].islower() and len(name.split()) <= _MAX_NAME_WORDS and not _NOBODY.match(name)


def _is_full_name(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and all(word[0].isupper() or word[0] in "(&" for word in words)
