"""Write text as Markdown that reads back as the same text.

Whatever could be taken for markup is escaped, so that words of a feed stay words. Knows nothing of feeds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from bot.reading.pagetext import LINE_BREAK, PARAGRAPH_BREAK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.reading.talk import Talk
    from bot.records import Section, SpokenTurn

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#&~|!])")
_MARKER = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")
_TOP_LEVEL = 2
_DEEPEST = 6


def escaped(text: str) -> str:
    """Return one line of text as Markdown that shows exactly these words."""
    text = _MARKUP.sub(r"\\\1", text)
    return _MARKER.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def markdown_of_page(text: str, sections: Sequence[Section]) -> str:
    """Return a page's headings, paragraphs and lists as Markdown.

    :param text: the page's text, as ``PageText`` gives it
    """
    blocks: list[str] = []
    for section in sections:
        if section.headings:
            level = min(_TOP_LEVEL - 1 + len(section.headings), _DEEPEST)
            blocks.append(f"{'#' * level} {escaped(section.headings[-1])}")
        for block in text[slice(*section.span)].split(PARAGRAPH_BREAK):
            lines = block.split(LINE_BREAK)
            blocks.append("\n".join(f"- {escaped(line)}" for line in lines) if len(lines) > 1 else escaped(block))
    return "\n\n".join(blocks)


def markdown_of_talk(talk: Talk) -> str:
    """Return a talk as Markdown: each turn with its speaker, and each time where it is spoken."""
    blocks: list[str] = []
    speaker: str | None = None
    for turn in talk.turns:
        paragraphs = _paragraphs(talk, turn)
        if turn.speaker is not None:
            speaker = turn.speaker
            paragraphs[0] = f"**{_name(speaker)}:** {paragraphs[0]}"
        blocks += paragraphs
    return "\n\n".join(blocks)


def _name(speaker: str) -> str:
    return " ".join(re.sub(r"[*_\\\[\]<>:`]", " ", speaker).split())


def _paragraphs(talk: Talk, turn: SpokenTurn) -> list[str]:
    """Return a turn's paragraphs, with the times marked in them."""
    begin, end = turn.span
    cuts = [mark for mark in talk.time_marks if begin <= mark.at < end]
    pieces: list[str] = []
    at = begin
    for mark in cuts:
        pieces.append(_escaped_paragraphs(talk.text[at : mark.at]))
        pieces.append(f"[{_clock(mark.start_s)}] ")
        at = mark.at
    pieces.append(_escaped_paragraphs(talk.text[at:end]))
    return "".join(pieces).split(PARAGRAPH_BREAK)


def _escaped_paragraphs(text: str) -> str:
    return PARAGRAPH_BREAK.join(_MARKUP.sub(r"\\\1", one) for one in text.split(PARAGRAPH_BREAK))


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def front_matter(values: Mapping[str, object]) -> str:
    """Return front matter with the values in order, one per line; those that are ``None`` or empty are left out."""
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    fields = yaml.safe_dump(given, sort_keys=False, allow_unicode=True, width=2**31, default_flow_style=False)
    return f"---\n{fields}---\n"
