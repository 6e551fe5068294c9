"""Write the lines of a page copied as text into a PageText, and read its cards, which point to other sources.

Known headings are bare lines; other bare lines are headings if they look like one. An empty section leaves nothing. The
video slot is a section of its own. Cards, whose words run together, are never quoted. Knows nothing of files.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.reading.textfile import one_line
from bot.records import RelatedCard, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.reading.pagetext import PageText

_PLAIN_SECTIONS = frozenset({"plain-english explanation", "why it matters", "how it works"})
VIDEO_SLOT = "video coming soon"
_KEY_TERMS = "key terms"
_CARDS = frozenset({"related interviews and articles", "related interviews", "related articles", "related"})
_KNOWN = _PLAIN_SECTIONS | _CARDS | {VIDEO_SLOT, _KEY_TERMS, "infographic", "references", "video"}
_SECTION_LEVEL = 2

_MAX_HEADING_WORDS = 10
_LEAST_PARAGRAPH_CHARS = 60
# A page with this many lines of this length that end no sentence was broken to fit a width.
_LEAST_BROKEN_CHARS = 50
_LEAST_BROKEN_LINES = 2

# The button that ends a card. It may follow the card's text, and the next card's title may follow it, without a space.
_BUTTON = re.compile(
    r"(?:(?<=\n)|(?<=\S)|^)(?P<verb>Watch|Listen|Read)(?: (?:Interview|Video|Episode|Article|Story|More|Now))?"
    r"(?=[A-Z0-9\"“‘(]|[ \t]*(?:\n|$))"
)
_WHY = re.compile(r"why it matters:\s*", re.IGNORECASE)
_CREDIT = re.compile(r"source:\s*", re.IGNORECASE)
_MAX_GUEST_WORDS = 8
_TERM = re.compile(r"(?=\S)(?P<term>[^:.!?]{2,60}?)(?:\s*+:|\s++[–—-])\s++(?P<definition>\S.*)")


def has_known_sections(lines: Sequence[str]) -> bool:
    """Say whether at least two of an explainer's own headings are there, each on a line of its own."""
    found = {_key(line) for line in lines} & (_PLAIN_SECTIONS | {_KEY_TERMS, VIDEO_SLOT, "infographic"})
    return len(found) > 1 and bool(found & _PLAIN_SECTIONS)


def is_cards_heading(title: str) -> bool:
    """Say whether only cards, and no text, stand below a heading."""
    return _key(title) in _CARDS


def write_copied_page(lines: Sequence[str], page: PageText) -> tuple[tuple[RelatedCard, ...], tuple[Term, ...]]:
    """Write the lines below a page's title into a page, and return its cards and its key terms.

    :param lines: including blank ones
    """
    lines = _unwrapped(lines)
    cards: list[str] = []
    terms: list[str] = []
    below = ""
    for index, line in enumerate(lines):
        if _is_heading(lines, index) and not (below in _CARDS and _key(line) not in _KNOWN):
            below = _key(line)
            page.heading(_SECTION_LEVEL, line)
            if below == VIDEO_SLOT:
                page.paragraph(line)
        elif below in _CARDS:
            cards.append(line)
        else:
            page.paragraph(line)
            if below == _KEY_TERMS:
                terms.append(line)
    return cards_in("\n".join(cards)), _terms_in(terms)


def cards_in(text: str) -> tuple[RelatedCard, ...]:
    """Return the cards of a related section, split at the buttons that end them."""
    cards = []
    begin = 0
    for button in _BUTTON.finditer(text):
        lines = [line for line in map(one_line, text[begin : button.start()].split("\n")) if line]
        if lines:
            cards.append(_card(lines, button["verb"]))
        begin = button.end()
    rest = [line for line in map(one_line, text[begin:].split("\n")) if line]
    return tuple([*cards, _card(rest, "Read")] if rest else cards)


def _card(lines: Sequence[str], verb: str) -> RelatedCard:
    title, *others = lines
    why = next((line for line in others if _WHY.match(line)), None)
    credit = next((line for line in others if _CREDIT.match(line)), None)
    words = [line for line in others if line not in (why, credit)]
    is_talk = verb != "Read"
    has_guest = (
        is_talk and bool(words) and len(words[0].split()) <= _MAX_GUEST_WORDS and not words[0].endswith((".", "!", "?"))
    )
    guest = words.pop(0) if has_guest else None
    return RelatedCard(
        kind="interview" if is_talk else "article",
        title=title,
        guest=guest,
        summary=" ".join(words) or None,
        why_it_matters=_WHY.sub("", why, count=1) if why else None,
        credit=_CREDIT.sub("", credit, count=1) if credit else None,
    )


def _terms_in(lines: Sequence[str]) -> tuple[Term, ...]:
    found = (_TERM.fullmatch(one_line(line)) for line in lines)
    return tuple(Term(term["term"].strip(), term["definition"].strip()) for term in found if term)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Return the lines, joining those that were broken only to fit a page, where many go on with a small letter."""
    broken = sum(_runs_on(line) and after[:1].islower() for line, after in pairwise(lines))
    if broken < _LEAST_BROKEN_LINES:
        return list(lines)
    joined: list[str] = []
    for line in lines:
        if joined and line.strip() and _runs_on(joined[-1]) and _key(line) not in _KNOWN:
            joined[-1] = f"{joined[-1].rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
    return joined


def _runs_on(line: str) -> bool:
    return len(line) >= _LEAST_BROKEN_CHARS and line.rstrip()[-1:] not in tuple('.!?:;…"”)')


def _key(line: str) -> str:
    return one_line(line).casefold().replace("–", "-").replace("‑", "-").rstrip(":")


def _is_heading(lines: Sequence[str], index: int) -> bool:
    """Whether a line is a known heading, or a short line that ends no sentence and stands between two paragraphs."""
    line = one_line(lines[index])
    if _key(line) in _KNOWN:
        return True
    if not line or not line[0].isupper() or len(line.split()) > _MAX_HEADING_WORDS or line[-1] in ".!:;,…":
        return False
    # A line of invisible characters has no words either.
    after = next(filter(None, map(one_line, lines[index + 1 :])), "")
    before = next(filter(None, map(one_line, reversed(lines[:index]))), ".")
    return len(after) >= _LEAST_PARAGRAPH_CHARS and (before[-1] in '.!?…"”)' or _key(before) in _KNOWN)
