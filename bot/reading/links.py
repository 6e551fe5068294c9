"""Build the deep link to a place in a source, and decide which links are allowed at all.

Links are only ever ``http(s)`` or relative to our own site. Knows nothing of where our site is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from bot.records import Section, Sentence, Source

# Enough words to be unique in a page, few enough to survive an edit later in the sentence.
_FRAGMENT_WORDS = 8
_DIRECT_MEDIA = (".mp4", ".webm", ".ogv", ".mp3", ".m4a", ".m4v", ".mov", ".ogg", ".wav")


def is_safe_link(link: str) -> bool:
    """Say whether a link is ``http(s)`` with a host, or a path on our own site; never one that runs code."""
    if re.search(r"[\x00-\x20\x7f\\]", link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    return link.startswith("/") and not link.startswith("//")


def reader_path(source: Source) -> str:
    """Return the address of our own page for a source."""
    shelf = "interviews" if source.kind == "interview" else "explainers"
    return f"/{shelf}/{quote(source.id, safe='')}"


def page_of(source: Source) -> str:
    """Return the source's own page, else our reader page for it."""
    return source.url or reader_path(source)


def deep_link(source: Source, sentence: Sentence) -> str:
    """Return the link to a sentence: a second of a recording, a turn of a talk, a section of a page, or the words.

    :returns: an absolute link, or one that begins with ``/`` for our reader pages
    """
    turn = _turn_number(source, sentence.span[0])
    if sentence.start_s is not None and (source.video or turn is None or _is_timed(source, turn, sentence.span[0])):
        return _link_at(source, int(sentence.start_s))
    if turn is not None and not source.url:
        return f"{page_of(source)}#turn-{turn}"
    if source.url and _is_saved_page(source):
        return with_text_fragment(source.url, source.text[slice(*sentence.span)])
    return _link_to_section(source, section_at(source, sentence.span[0]))


def time_anchors(source: Source) -> list[tuple[int, str]]:
    """Return where the reader page of a talk needs time anchors: ``t=SECONDS`` at the first words of that second.

    Turns have anchors too, ``turn-NUMBER`` counted from 1, for words whose own turn has no time.
    """
    first: dict[str, int] = {}
    for mark in source.time_marks:
        first.setdefault(f"t={int(mark.start_s)}", mark.at)
    return [(at, anchor) for anchor, at in first.items()]


def section_at(source: Source, position: int) -> Section | None:
    """Return the section that holds a position of the source's text."""
    return next((section for section in source.sections if section.span[0] <= position < section.span[1]), None)


def with_time(url: str, seconds: int) -> str:
    """Return the link to a second of a recording: ``t=`` in the query, after ``#`` for Vimeo and plain media files."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host == "vimeo.com" or host.endswith(".vimeo.com"):
        return urlunsplit(parts._replace(fragment=f"t={seconds}s"))
    if parts.path.lower().endswith(_DIRECT_MEDIA):
        return urlunsplit(parts._replace(fragment=f"t={seconds}"))
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in ("t", "start")
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, ("t", str(seconds))])))


def with_text_fragment(url: str, text: str) -> str:
    """Return a link that makes a browser scroll to the first words of a text (URL Fragment Text Directives, WICG)."""
    first_line = text.strip().split("\n", 1)[0]
    words = " ".join(first_line.split()[:_FRAGMENT_WORDS])
    # A hyphen has a meaning of its own inside the directive, and quote() never encodes it.
    directive = ":~:text=" + quote(words, safe="").replace("-", "%2D")
    return f"{url}{directive}" if "#" in url else f"{url}#{directive}"


def _link_at(source: Source, seconds: int) -> str:
    if source.video:
        return with_time(source.video, seconds)
    return f"{page_of(source).split('#', 1)[0]}#t={seconds}"


def _link_to_section(source: Source, section: Section | None) -> str:
    page = page_of(source)
    if section is None or section.anchor is None or (source.url and source.kind == "article"):
        return page
    return f"{page.split('#', 1)[0]}#{section.anchor}"


def _is_saved_page(source: Source) -> bool:
    """Whether the source is a copy of the page at its url, where a browser finds its words but not our anchors.

    The lines of a ``.jsonl`` file were cleaned by others, so a browser would not find them word for word.
    """
    if source.path.lower().endswith((".html", ".htm", ".txt")):
        return True
    return source.kind == "article" and ".jsonl" not in source.path


def _is_timed(source: Source, turn: int, position: int) -> bool:
    """Whether the turn itself has a time at or before a position.

    In a transcript with a mark only every few minutes, most turns are merely known to come later than some other; there
    the turn is the better place to land on our own page.
    """
    begin = source.turns[turn - 1].span[0]
    return any(begin <= mark.at <= position for mark in source.time_marks)


def _turn_number(source: Source, position: int) -> int | None:
    turns = enumerate(source.turns, start=1)
    return next((number for number, turn in turns if turn.span[0] <= position < turn.span[1]), None)
