"""Check talks: that times go forward, and that scripts are marked as such wherever a family meets them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from webvtt.models import Timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile

_ARROW = "-->"
_CAPTIONS = (".vtt", ".srt")
# A person without a name: "A parent", "The nurse".
_ROLE = re.compile(r"(?:a|an|the|one|another)\s", re.IGNORECASE)
_MARK = "illustrative script"


class _Cue(NamedTuple):
    line: int
    start_ms: int
    end_ms: int


def check_times(file: SourceFile) -> Iterator[Finding]:
    """Yield captions with times out of order or overlapping, and time marks in a transcript that go back."""
    if not file.words.path.endswith(_CAPTIONS):
        yield from _check_marks(file)
        return
    cues = _cues_of(file)
    for cue in cues:
        if cue.end_ms <= cue.start_ms:
            cure = "Make it end after it begins."
            yield file.at_line("transcript-times", "the caption ends before it begins", cure, line=cue.line)
    for before, cue in pairwise(cues):
        if cue.start_ms < before.start_ms:
            found = f"the caption begins {_seconds(before.start_ms - cue.start_ms)} before the one above"
            yield file.at_line(
                "transcript-times", found, "Put the captions in the order of their times.", line=cue.line
            )
        elif cue.start_ms < before.end_ms:
            found = f"the caption overlaps the one above by {_seconds(before.end_ms - cue.start_ms)}"
            cure = "End the one above when this one begins, unless two people really talk at once."
            yield file.at_line("transcript-times", found, cure, line=cue.line, severity="warning")


def check_script(file: SourceFile) -> Iterator[Finding]:
    """Yield scripts that could be taken for recordings: nobody may be given words that were not theirs."""
    source = file.source
    if source.kind != "interview":
        return
    people = [
        name for name in dict.fromkeys([source.guest, source.host, *(turn.speaker for turn in source.turns)]) if name
    ]
    named = [name for name in people if not _ROLE.match(name)]
    if not source.illustrative:
        if source.turns and people and not named:
            cure = "Write `illustrative: true` if nobody has said these words, else name who speaks."
            yield file.in_card("illustrative", "nobody who speaks has a name, and no mark says why", cure)
        return
    for name in named:
        cure = "Write a role, such as A parent: no person speaks words that were not theirs."
        yield file.in_card("illustrative", f"{name} speaks in an illustrative script", cure, field="guest")
    for field in ("video", "recorded_on"):
        if getattr(source, field):
            cure = "Take it out, or take out `illustrative:`."
            yield file.in_card("illustrative", f"an illustrative script has {field}", cure, field=field)
    if _MARK not in (source.summary or "").casefold():
        cure = "End the summary with: This is an illustrative script, not a recording."
        yield file.in_card("illustrative", "the summary does not say that this is a script", cure, field="summary")


def _cues_of(file: SourceFile) -> list[_Cue]:
    """Return the captions of a file that reading has found well formed, so every arrow stands between two times."""
    cues = []
    for number, line in enumerate(file.words.body.split("\n")):
        if _ARROW in line:
            start, _, rest = line.replace(",", ".").partition(_ARROW)
            end = rest.split()[0]
            cues.append(_Cue(file.words.first_line + number, _milliseconds(start.strip()), _milliseconds(end)))
    return cues


def _milliseconds(time: str) -> int:
    return int(Timestamp.from_string(time).in_milliseconds())


def _check_marks(file: SourceFile) -> Iterator[Finding]:
    """Yield the times in a labelled transcript that are earlier than the time above."""
    for before, mark in pairwise(file.source.time_marks):
        if mark.start_s < before.start_s:
            found = f"the time is {_seconds((before.start_s - mark.start_s) * 1000)} before the one above"
            yield file.in_words("transcript-times", found, "Put the turns in the order of their times.", at=mark.at)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:g} s"
