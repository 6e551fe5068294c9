"""The lines of a WebVTT or SubRip file in, a CorpusError for the first that its format does not allow.

webvtt-py leaves out what it cannot read and does not say so; this is what keeps its silence from losing words.
It must not know what the cues say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import CorpusError

if TYPE_CHECKING:
    from bot.reading.textfile import TextFile

# Hours may have any number of digits, minutes and seconds stay below 60. SubRip writes a comma before the
# milliseconds, but files with a point are common and cannot be misread.
_TIME = {"vtt": r"(?:\d{1,6}:)?[0-5]?\d:[0-5]?\d\.\d{1,3}", "srt": r"\d{1,6}:[0-5]?\d:[0-5]?\d[,.]\d{1,3}"}
_EXAMPLE = {"vtt": "00:01:02.500 --> 00:01:05.000", "srt": "00:01:02,500 --> 00:01:05,000"}
_NOT_A_CUE = re.compile(r"(NOTE|STYLE|REGION)\b")
_ARROW = "-->"


def check_cue_lines(file: TextFile, format_name: str) -> None:
    """Return if every line has a place in the format.

    :param file: the file
    :param format_name: ``vtt`` or ``srt``
    :raises CorpusError: if the signature is missing, a time cannot be read, or words have no time
    """
    if format_name == "vtt":
        _check_signature(file)
    cues = 0
    for first, block in _blocks(file.text.split("\n")):
        is_header = format_name == "vtt" and first == 0
        times = next((index for index, line in enumerate(block) if _ARROW in line), None)
        if times is None:
            if not is_header:
                _check_untimed(file.name, first, block, format_name, after_cue=cues > 0)
            continue
        if times > 1 and not is_header:
            _raise_no_time(file.name, first, format_name)
        _check_timed(file.name, first, block, format_name)
        cues += 1
    if not cues:
        raise CorpusError(
            file.name, None, "there are no captions", f"Write them as `{_EXAMPLE[format_name]}` and a text."
        )


def _check_timed(name: str, first: int, block: list[str], format_name: str) -> None:
    for index, line in enumerate(block):
        if _ARROW in line:
            _check_times(name, first + index, line, format_name)
            if format_name == "srt" and (index == 0 or not block[index - 1].strip().isdigit()):
                raise CorpusError(name, first + index + 1, "the caption has no number", "Put one above its times.")


def _check_signature(file: TextFile) -> None:
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", file.text):
        raise CorpusError(
            file.name, 1, "the file does not begin with WEBVTT", "Put the line WEBVTT and an empty line first."
        )


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Runs of lines that are not blank, each with the index of its first line."""
    blocks: list[tuple[int, list[str]]] = []
    for index, line in enumerate(lines):
        if line.strip():
            if blocks and blocks[-1][0] + len(blocks[-1][1]) == index:
                blocks[-1][1].append(line)
            else:
                blocks.append((index, [line]))
    return blocks


def _check_untimed(name: str, first: int, block: list[str], format_name: str, *, after_cue: bool) -> None:
    """Complain of a block without times, unless it is a note, a lone number, or goes on with a SubRip caption."""
    if format_name == "vtt" and _NOT_A_CUE.match(block[0]):
        return
    begins_with_number = block[0].strip().isdigit()
    if begins_with_number and len(block) == 1 and after_cue:
        return
    if format_name == "srt" and after_cue and not begins_with_number:
        return
    _raise_no_time(name, first, format_name)


def _raise_no_time(name: str, first: int, format_name: str) -> None:
    remedy = f"Put a line such as `{_EXAMPLE[format_name]}` above it."
    raise CorpusError(name, first + 1, "there is a caption without times", remedy)


def _check_times(name: str, index: int, line: str, format_name: str) -> None:
    if not _time_line(format_name).fullmatch(line):
        found = f"the times {line.strip()[:60]!r} cannot be read"
        raise CorpusError(name, index + 1, found, f"Write them as `{_EXAMPLE[format_name]}`.")


def _time_line(format_name: str) -> re.Pattern[str]:
    time = _TIME[format_name]
    return re.compile(rf"\s*{time}\s*-->\s*{time}(?:\s.*)?")
