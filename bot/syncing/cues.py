"""Turn captions and JSON transcripts of podcasts into WebVTT and SubRip that our readers understand.

A podcast names a speaker only where the speaker changes (Podcasting 2.0, "Transcript File Format Details"), so an open
voice tag holds until the next one; our reader applies a voice tag to its own cue only.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.errors import FeedError
from bot.reading.rawmarkup import without_code
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+[^<>]*>")
_DASH = re.compile(r"\s*(?:[-–—]\s|>>)")
# Where a transcript comes word by word, a caption ends with the sentence, or else after this many words.
_MAX_CUE_WORDS = 40
_ENDS = (".", "?", "!", "…", '."', '?"', '!"')


def tidy_captions(text: str) -> str:
    """Return captions with the speaker of each and without anything executable; other lines stay as they are."""
    lines: list[str] = []
    voice, begins = "", False
    for line in without_code(text).split("\n"):
        if begins and line.strip():
            begins = False
            if voice and not _VOICE.search(line) and not _DASH.match(line):
                line = f"{voice}{line}"  # noqa: PLW2901
        if found := _VOICE.findall(line):
            voice = "" if "</v>" in line else found[-1]
        begins = begins or "-->" in line
        lines.append(line)
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Segment:
    """The words of one speaker; times are in seconds, and ``end_s`` is ``None`` where only the beginning is known."""

    speaker: str
    start_s: float
    end_s: float | None
    words: str


def captions_from_json(text: str, shown: str) -> str:
    """Return a JSON transcript (Podcasting 2.0) as WebVTT.

    :raises FeedError: if it is not such a transcript
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(shown, "the transcript is not JSON", "Have it mended by those who publish it.") from error
    segments = record.get("segments") if isinstance(record, dict) else None
    if not isinstance(segments, list):
        remedy = "Expected are `segments` with `speaker`, `startTime` and `body` (Podcasting 2.0)."
        raise FeedError(shown, "the transcript has no list of segments", remedy)
    cues = list(_cues([_segment(one, number, shown) for number, one in enumerate(segments, start=1)]))
    if not cues:
        raise FeedError(shown, "nothing is said in the transcript", "Have it mended by those who publish it.")
    ends = [cue.end_s if cue.end_s is not None else after.start_s for cue, after in pairwise(cues)]
    ends.append(cues[-1].end_s if cues[-1].end_s is not None else cues[-1].start_s + 1)
    return "WEBVTT\n\n" + "\n".join(_written(cue, end_s) for cue, end_s in zip(cues, ends, strict=True))


def _segment(value: Any, number: int, shown: str) -> _Segment:
    start_s = value.get("startTime") if isinstance(value, dict) else None
    if not isinstance(start_s, int | float) or not 0 <= start_s < 1_000_000:
        found = f"segment {number} of the transcript has no startTime in seconds"
        raise FeedError(shown, found, "Have it mended by those who publish it.")
    end_s = value.get("endTime")
    speaker, words = value.get("speaker"), value.get("body")
    return _Segment(
        one_line(re.sub(r"[<>&]", " ", speaker)) if isinstance(speaker, str) else "",
        float(start_s),
        float(end_s) if isinstance(end_s, int | float) and start_s <= end_s < 1_000_000 else None,
        one_line(words) if isinstance(words, str) else "",
    )


def _cues(segments: list[_Segment]) -> Iterator[_Segment]:
    """Yield the segments, with single words joined into sentences of one speaker."""
    cue: _Segment | None = None
    for segment in segments:
        if not segment.words:
            continue
        is_full = cue is None or cue.words.endswith(_ENDS) or len(cue.words.split()) >= _MAX_CUE_WORDS
        if cue is not None and (is_full or cue.speaker != segment.speaker):
            yield cue
            cue = None
        if cue is None:
            cue = segment
        else:
            gap = "" if segment.words[0] in ".,;:!?" else " "
            cue = replace(cue, end_s=segment.end_s, words=f"{cue.words}{gap}{segment.words}")
    if cue is not None:
        yield cue


def _written(cue: _Segment, end_s: float) -> str:
    voice = f"<v {cue.speaker}>" if cue.speaker else ""
    return (
        f"{_clock(cue.start_s)} --> {_clock(max(end_s, cue.start_s))}\n{voice}{html.escape(cue.words, quote=False)}\n"
    )


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
