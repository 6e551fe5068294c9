"""Read a WebVTT or SubRip file into a Talk.

A voice tag (``<v Ada>``) applies only to the words it marks; a name before a colon applies until the next name, dash or
chevron. Consecutive words of one speaker are one turn; each cue keeps its time. Knows nothing of Sources.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from bot.errors import CorpusError
from bot.reading.cuelines import checked_cue_lines
from bot.reading.directions import speak
from bot.reading.rawmarkup import as_shown
from bot.reading.speakers import labels_in
from bot.reading.talk import Talk, TalkText
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from webvtt import Caption

    from bot.reading.textfile import TextFile

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+([^<>]*)>|</v>")
_TAG = re.compile(r"</?[A-Za-z0-9][^<>]*>|\{\\[^{}]*\}|[♪♫]")
_INLINE_TIME = re.compile(r"<(?:\d+:)?\d{2}:\d{2}\.\d{3}>")
_NEW_SPEAKER = re.compile(r"\s*(?:[-–—]\s+|>>+\s*)")
# Captions that scroll up repeat nearly every line; a speaker who says "Yes." twice does not.
_SCROLLING_SHARE = 0.5
# A cue that is gone before anybody can read it only makes the lines scroll.
_BRIEF_S = 0.1


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cue, with the speaker if a tag names one, and whether a dash or chevron begins a new turn.

    ``is_timed`` says that its words have times of their own; ``is_brief`` that its cue is too brief to read. Such lines
    come again in the next cue.
    """

    start_s: float
    voice: str | None
    is_new_turn: bool
    words: str
    is_timed: bool = False
    is_brief: bool = False


def read_captions(file: TextFile, *, known: Iterable[str] = ()) -> Talk:
    """Return the talk in a file of captions, empty if there are no words.

    :param known: names of people who speak; they count as names even if they speak only once
    :raises CorpusError: if a line breaks the format
    """
    format_name = "srt" if file.path.suffix.lower() == ".srt" else "vtt"
    lines = checked_cue_lines(file, format_name)
    try:
        captions = WebVTT.from_buffer(StringIO("\n".join(lines).strip()), format=format_name).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        remedy = "Export the captions again."
        raise CorpusError(file.name, 1, f"the captions are not {format_name.upper()}", remedy) from error
    cues = [cue for caption in captions if (cue := list(_lines_of(caption)))]
    talk = TalkText()
    for cue in _with_names(_each_line_once(cues), known):
        _speak_cue(cue, talk)
    return talk.finish()


def _lines_of(caption: Caption) -> Iterator[_Line]:
    start_s = caption.start_time.in_milliseconds() / 1000
    is_brief = caption.end_time.in_milliseconds() / 1000 - start_s < _BRIEF_S
    voice: str | None = None
    for line in as_shown(caption.raw_text).split("\n"):
        begin = 0
        for tag in [*_VOICE.finditer(line), None]:
            words = line[begin : tag.start()] if tag else line[begin:]
            dashed = _NEW_SPEAKER.match(html.unescape(_TAG.sub("", words)))
            plain = one_line(html.unescape(_TAG.sub("", words))[dashed.end() if dashed else 0 :])
            if plain:
                is_timed = _INLINE_TIME.search(words) is not None
                yield _Line(start_s, voice, dashed is not None, plain, is_timed, is_brief)
            if tag:
                voice, begin = (one_line(html.unescape(tag[1])) or None) if tag[1] else None, tag.end()


def _each_line_once(cues: Sequence[Sequence[_Line]]) -> Sequence[Sequence[_Line]]:
    """Return the cues without lines that repeat only because captions scroll; words really said twice stay."""
    pairs = list(pairwise(cues))
    moved = [_overlap(before, cue) if _is_moved(before, cue) else 0 for before, cue in pairs]
    if len(pairs) > 2 and sum(map(bool, moved)) / len(pairs) > _SCROLLING_SHARE:
        moved = [_overlap(before, cue) for before, cue in pairs]
    else:
        moved = [size if _rolls(before, cue, size) else 0 for (before, cue), size in zip(pairs, moved, strict=True)]
    return [*cues[:1], *(cue[size:] for cue, size in zip(cues[1:], moved, strict=True))]


def _is_moved(before: Sequence[_Line], cue: Sequence[_Line]) -> bool:
    """Whether a cue begins with lines scrolled up from the end of the one before, and is not merely its repetition."""
    size = _overlap(before, cue)
    return 0 < size < max(len(before), len(cue)) or _rolls(before, cue, size)


def _rolls(before: Sequence[_Line], cue: Sequence[_Line], size: int) -> bool:
    return size > 0 and (before[-size].is_timed or before[-size].is_brief or cue[0].is_brief)


def _overlap(before: Sequence[_Line], cue: Sequence[_Line]) -> int:
    """Return how many lines at the end of one cue come again at the beginning of the next.

    Only lines of the same speaker count, and only if they come again without times of their own: those mark new words.
    """
    for size in range(min(len(before), len(cue)), 0, -1):
        again = [(line.words, line.voice, False) for line in before[-size:]]
        if again == [(line.words, line.voice, line.is_timed) for line in cue[:size]]:
            return size
    return 0


def _with_names(cues: Sequence[Sequence[_Line]], known: Iterable[str]) -> list[list[_Line]]:
    """Return the cues with each name before a colon cut from the words and set as speaker of the lines it covers."""
    labels = labels_in([line.words if line.voice is None else "" for cue in cues for line in cue], known)
    named: str | None = None
    number = 0
    result = []
    for cue in cues:
        lines = []
        for line in cue:
            label = labels.get(number)
            number += 1
            if label:
                named = label.speaker
                lines.append(_Line(line.start_s, named, True, label.rest))
            elif line.is_new_turn or line.voice is not None:
                named = None
                lines.append(line)
            else:
                lines.append(_Line(line.start_s, named, False, line.words))
        result.append(lines)
    return result


def _speak_cue(cue: Sequence[_Line], talk: TalkText) -> None:
    """Say the lines of a cue, joining those of one speaker so that a "[sound]" may run over two lines."""
    breath = ""
    for line in cue:
        if line.is_new_turn or line.voice != talk.speaker:
            speak(breath, talk)
            breath = ""
            talk.turn(line.voice)
        if not breath:
            talk.time(line.start_s)
        breath = f"{breath} {line.words}".strip()
    speak(breath, talk)
