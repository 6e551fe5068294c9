"""Read a labelled transcript (Markdown or plain text) into a Talk, and decide whether a text is one.

    **Ada Lowe:** words          Ada Lowe: words          [00:12] Ada Lowe: words
    **Ada Lowe** [12:34]: words  Ada Lowe (12:34): words  Ada Lowe  12:34 (words below)

A label begins a turn, and paragraphs belong to it until the next label. A time mark, wherever it stands, applies until
the next mark; words before the first mark have no time. Knows nothing of front matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.reading.credits import without_credits
from bot.reading.directions import speak
from bot.reading.markdown import inline_text
from bot.reading.speakers import labels_in
from bot.reading.talk import Talk, TalkText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.reading.speakers import Label

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_RULE = re.compile(r"([-*_=])(\s*\1){2,}$")
# A text with a smaller share of labelled paragraphs is a page that happens to have a few colons.
_LEAST_LABELLED = 0.3
_FEW_TURNS = 4
# A title, a date and a word on who speaks may come before the first turn.
_LEAD_IN = 4
# A longer first line is a paragraph.
_MAX_TITLE_WORDS = 20


def is_labelled(text: str) -> bool:
    """Say whether a text is a transcript: speakers return, or every one of its few paragraphs has a speaker."""
    lines = without_credits(text).split("\n")
    labels = labels_in(lines)
    speakers = [label.speaker for label in labels.values()]
    paragraphs = _paragraph_starts(lines)
    if len(speakers) < 2 or not labels.keys() & set(paragraphs[:_LEAD_IN]):
        return False
    if len(set(speakers)) < len(speakers):
        return len(speakers) >= _LEAST_LABELLED * len(paragraphs)
    return len(speakers) <= _FEW_TURNS and set(paragraphs) <= labels.keys()


def read_labelled(text: str, *, is_markdown: bool, known: Iterable[str] = ()) -> Talk:
    """Return the talk; without any label it is one turn without a speaker.

    :param known: names of people who speak; they count as labels even if they speak only once
    :returns: the talk, empty if nothing is said in it
    """
    lines = without_credits(text).split("\n")
    labels = labels_in(lines, known)
    is_markdown = is_markdown or any(lines[index].lstrip().startswith(("**", "__")) for index in labels)
    talk = TalkText()
    paragraph: list[str] = []
    for index, line in enumerate([*lines, ""]):
        label = labels.get(index)
        heading = _HEADING.match(line) if is_markdown else None
        if label or heading or not line.strip():
            _say(paragraph, talk, is_markdown=is_markdown)
            paragraph = []
        if heading:
            talk.heading(len(heading[1]), inline_text(heading[2].rstrip(" #")))
        elif label:
            _begin_turn(label, talk)
            paragraph.append(label.rest)
        elif not _RULE.match(line.strip()):
            paragraph.append(line)
    return talk.finish()


def split_title(text: str) -> tuple[str | None, str]:
    """Split off the title that a transcript begins with, if any: a Markdown heading, or a line without a speaker."""
    text = without_credits(text)
    first, _, rest = text.lstrip("\n").partition("\n")
    heading = _HEADING.match(first)
    if heading:
        return inline_text(heading[2].rstrip(" #")), rest
    is_words = first.strip() and first.strip()[-1] not in ".?!:,;" and len(first.split()) <= _MAX_TITLE_WORDS
    if is_words and 0 not in labels_in([first, *rest.split("\n")]) and not _RULE.match(first.strip()):
        return inline_text(first), rest
    return None, text


def _begin_turn(label: Label, talk: TalkText) -> None:
    talk.turn(label.speaker)
    if label.start_s is not None:
        talk.time(label.start_s)


def _say(paragraph: list[str], talk: TalkText, *, is_markdown: bool) -> None:
    words = "\n".join(paragraph).strip()
    if words:
        speak(inline_text(words) if is_markdown else words, talk)
        talk.paragraph()


def _paragraph_starts(lines: list[str]) -> list[int]:
    """Return the indexes of lines that begin a paragraph; headings and rules do not count."""
    starts = []
    before = ""
    for index, line in enumerate(map(str.strip, lines)):
        if line and not before and not _HEADING.match(line) and not _RULE.match(line):
            starts.append(index)
        before = "" if _HEADING.match(line) else line
    return starts
