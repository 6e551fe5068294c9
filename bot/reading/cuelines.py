"""Check the lines of a WebVTT or SubRip file, and raise a CorpusError for the first that its format does not allow.

webvtt-py silently skips what it cannot read; this check keeps words from being lost that way. Only an empty line ends a
cue: YouTube begins and ends captions with a line of one space. Knows nothing of what the cues say.
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
_NUMBER = re.compile(r"\s*(\d{1,9})\s*")
_ARROW = "-->"


def checked_cue_lines(file: TextFile, format_name: str) -> list[str]:
    """Return the lines of the file, with an empty one above every caption.

    :param format_name: ``vtt`` or ``srt``
    :raises CorpusError: if the signature is missing, a time cannot be read, or words have no time
    """
    if format_name == "vtt":
        _check_signature(file)
    lines = _set_apart(file, format_name)
    number: int | None = None
    cues = 0
    for first, block in _blocks(lines):
        is_header = format_name == "vtt" and first == 0
        times = next((index for index, line in enumerate(block) if _ARROW in line), None)
        if times is None:
            if not is_header:
                _check_untimed(file.name, first, block, format_name, number if cues else None)
            continue
        if times > 1 and not is_header:
            _raise_no_time(file.name, first, format_name)
        _check_timed(file.name, first, block, format_name)
        cues, number = cues + 1, _number_in(block[times - 1]) if times else None
    if not cues:
        raise CorpusError(
            file.name, None, "there are no captions", f"Write them as `{_EXAMPLE[format_name]}` and a text."
        )
    return lines


def _set_apart(file: TextFile, format_name: str) -> list[str]:
    """Return the lines with an empty one above every caption that has only white space, or nothing, there.

    A number that continues the count is the number of the caption below it, not a word of the one above.
    """
    lines = file.text.split("\n")
    number: int | None = None
    cues = 0
    for at, line in enumerate(lines):
        if _ARROW not in line:
            continue
        two_above, above = ["", "", *lines][at : at + 2]
        found = _number_in(above)
        is_next = found is not None and number is not None and found == number + 1
        if not above.strip() and above:
            lines[at - 1] = ""
        elif above and two_above and not two_above.strip():
            if is_next or not cues:
                lines[at - 2] = ""
            elif at < 3 or _ARROW not in lines[at - 3]:
                found_here = f"it cannot be told whether {above.strip()[:60]!r} is said or is the name of a caption"
                raise CorpusError(file.name, at, found_here, "Make the line above it an empty one.")
        elif is_next and two_above and format_name == "vtt":
            lines[at - 1] = ""
        number, cues = found, cues + 1
    return lines


def _number_in(line: str) -> int | None:
    """Return the number of a caption, which stands alone on its line."""
    found = _NUMBER.fullmatch(line)
    return int(found[1]) if found else None


def _check_timed(name: str, first: int, block: list[str], format_name: str) -> None:
    for index, line in enumerate(block):
        if _ARROW in line:
            _check_times(name, first + index, line, format_name)
            if format_name == "srt" and (index == 0 or _number_in(block[index - 1]) is None):
                raise CorpusError(name, first + index + 1, "the caption has no number", "Put one above its times.")


def _check_signature(file: TextFile) -> None:
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", file.text):
        raise CorpusError(
            file.name, 1, "the file does not begin with WEBVTT", "Put the line WEBVTT and an empty line first."
        )


def _blocks(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Return runs of non-empty lines, each with the index of its first line; runs of only white space do not count."""
    blocks: list[tuple[int, list[str]]] = []
    for index, line in enumerate(lines):
        if line:
            if blocks and blocks[-1][0] + len(blocks[-1][1]) == index:
                blocks[-1][1].append(line)
            else:
                blocks.append((index, [line]))
    return [(first, block) for first, block in blocks if any(map(str.strip, block))]


def _check_untimed(name: str, first: int, block: list[str], format_name: str, number: int | None) -> None:
    """Refuse a block without times, unless it is a note, the next number, or the continuation of a SubRip caption."""
    if format_name == "vtt" and _NOT_A_CUE.match(block[0]):
        return
    found = _number_in(block[0])
    if number is not None and format_name == "srt" and (found is None or len(block) == 1):
        return
    if number is not None and len(block) == 1 and found == number + 1:
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
