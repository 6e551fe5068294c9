"""Refuse a written file with a line meant for a program that makes pages and not for a reader.

What such a line would show cannot be known here, and its signs must not be quoted as words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from bot.reading.frontmatter import KNOWN_FIELDS
from bot.reading.textfile import line_of

if TYPE_CHECKING:
    from bot.reading.textfile import TextFile

_FIELD = rf"(?:{'|'.join(KNOWN_FIELDS)}|author|date|layout|permalink|slug|categories|draft)"
_AS_YAML = "Write it as lines of `field: value` between two lines of `---`, at the very top."
_NOT_FRONT_MATTER = (
    (re.compile(r"\+\+\+[ \t]*\n"), "the front matter is TOML"),
    (re.compile(r";;;[ \t]*\n|\{[ \t]*\n?[ \t]*\"\w{1,40}\"[ \t]*:"), "the front matter is JSON"),
    (re.compile(rf"(?:<!--[^>]{{0,2000}}-->\s*+)+---[ \t]*\n{_FIELD}:"), "a comment stands above the front matter"),
    (re.compile(rf"[ \t]+---[ \t]*\n\s*+{_FIELD}:"), "the front matter is indented"),
    (
        re.compile(rf"{_FIELD}:[^\n]*\n(?:[^\n]+\n){{0,60}}?---[ \t]*(?:\n|\Z)"),
        "the front matter has no line `---` above it",
    ),
    (re.compile(rf"{_FIELD}:[^\n]*\n{_FIELD}:[^\n]*\n"), "the front matter has no lines `---`"),
)
_FOR_A_PROGRAM = re.compile(
    r"\{\{[^\n{}]{1,200}\}\}|\{%[^\n]{1,200}?%\}|<%[^\n]{1,200}?%>|^\{:[^\n{}]{1,200}\}[ \t]*$|^:::[^\n]*$"
    r"|^\[\[?toc\]?\][ \t]*$|(?-i:^(?:import|export)) [^\n]{1,200}? from ['\"][^\n]*$|^\.\. [a-z-]{2,30}::"
    r"|(?-i:^export (?:const|default|function)) [^\n]{1,200}$|^%%[^\n]*$|^\\[a-z]{3,20}[ \t]*$"
    r"|!?\[\[(?!inaudible|unintelligible|crosstalk)[^\[\]\n]{1,200}\]\]|^>?[ \t]*\[!\w{2,20}\][^\n]*$"
    r"|^(?:!!!|\?\?\?)\+? [^\n]*$|\[/[a-z]{1,20}\]|\[(?:embed|caption|gallery) [^\]\n]{1,200}\]"
    r"|\{(?:\+\+|--|~~|>>|==)[^\n]{1,300}?(?:\+\+|--|~~|<<|==)\}|^(?:<{7}|>{7}) [^\n]*$"
    r"|(?<=\w)\^[\w+-]{1,12}\^|(?<=[A-Za-z])~\d{1,4}~|\^\{|\\(?:times|frac|cdot|mathrm|mu)\b"
    # Some programs strike out words between single tildes.
    r"|(?<![\w~])~(?=[^\s~])[^~\n]{1,80}(?<=[^\s~])~(?![\w~])",
    re.IGNORECASE | re.MULTILINE,
)


def check_prose(file: TextFile) -> None:
    """Check that no line of a written file is meant for a program.

    :raises CorpusError: for the first line that is
    """
    text = file.text.lstrip("\n")
    first = file.text.count("\n") - text.count("\n") + 1
    for pattern, found in _NOT_FRONT_MATTER:
        if pattern.match(text):
            raise CorpusError(file.name, first, found, _AS_YAML)
    if file.text.rfind("<!--") > file.text.rfind("-->"):
        at = line_of(file.text, file.text.rfind("<!--"))
        raise CorpusError(file.name, at, "a comment has no end", "Put `-->` behind it, or take it out.")
    if tag := _FOR_A_PROGRAM.search(file.text):
        found = f"{tag[0].strip()[:60]!r} is for a program that makes pages"
        raise CorpusError(file.name, line_of(file.text, tag.start()), found, "Write what it shows, or take it out.")
