"""Collect headings, paragraphs and list items into one quotable text with its sections.

Every reader of pages writes into a PageText, so that white space, anchors, roles and the rule against repeating the
introduction are the same for all of them. Knows nothing of files or formats.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.reading.footnotes import without_marks
from bot.records import Citation, Section

if TYPE_CHECKING:
    from bot.records import SectionRole

PARAGRAPH_BREAK = "\n\n"
LINE_BREAK = "\n"
# An introduction at least this long counts as repeated even inside a longer paragraph; a shorter one could be chance.
_LONG_ENOUGH_TO_PROVE = 40

# The first pattern that fits decides: "What can go wrong?" is a risk, not a definition.
_ROLE_PATTERNS: tuple[tuple[SectionRole, re.Pattern[str]], ...] = (
    (
        "risks",
        re.compile(
            r"\brisks?\b|\bside[- ]effects?\b|\bsafe(ty)?\b|\bgo(es)? wrong\b|\bharms?\b|\bdownsides?\b"
            r"|\bdanger(s|ous)?\b|\b(cannot|can['’]t|does not|doesn['’]t) do\b|\blimit(s|ations?)?\b|\bcomplications?\b"
        ),
    ),
    ("why", re.compile(r"\bwhy\b.*\bmatters?\b|^why (does|do|is|are|would|should)\b|^why\b[^?]{0,25}$")),
    ("how", re.compile(r"^how\b.*\bworks?\b|^how (is|are) (it|they) (given|made|done|built|measured)\b")),
    (
        "what",
        re.compile(
            r"\bplain[- ](english|language|words)\b|\bin (short|brief)\b|^overview$|^introduction$|^definition\b"
            r"|^what(['’]s| is| are)(?!.*\b(signs?|symptoms?|chances?|odds|costs?|next|steps?|options?|treatments?"
            r"|causes?|outlook|differences?|known|missing|asked|needed)\b)"
        ),
    ),
)


def role_of(headings: tuple[str, ...]) -> SectionRole:
    """Return the role of a section, by its own heading, else by the nearest heading above it that tells."""
    for heading in reversed(headings):
        words = heading.casefold().strip(" ?!.:")
        for role, pattern in _ROLE_PATTERNS:
            if pattern.search(words):
                return role
    return "other"


def slug_of(text: str) -> str:
    """Return the text as lower-case ASCII words joined by hyphens; empty if it has no ASCII letters or digits."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain)).strip("-")


@dataclass(slots=True)
class Outline:
    """The heading path and the anchors of a page, built heading by heading."""

    _path: list[tuple[int, str]] = field(default_factory=list)
    _anchors: set[str] = field(default_factory=set)

    def open(self, level: int, title: str) -> tuple[tuple[str, ...], str]:
        """Open a heading below the last one of a lower level, and return the heading path and a unique anchor."""
        self._path = [*((depth, above) for depth, above in self._path if depth < level), (level, title)]
        return tuple(name for _, name in self._path), self._free_anchor(title)

    def _free_anchor(self, title: str) -> str:
        slug = slug_of(title) or "section"
        anchor, number = slug, 2
        while anchor in self._anchors:
            anchor, number = f"{slug}-{number}", number + 1
        self._anchors.add(anchor)
        return anchor


@dataclass(frozen=True, slots=True)
class _Line:
    """Words, how they are set off, and the marks in them."""

    separator: str
    words: str
    citations: tuple[Citation, ...]


@dataclass(slots=True)
class _Block:
    headings: tuple[str, ...]
    anchor: str | None
    role: SectionRole
    lines: list[_Line] = field(default_factory=list)

    def written(self, at: int) -> tuple[str, list[Citation]]:
        """Return the lines as text, with a blank line between two unless neither is a paragraph, and their citations.

        :param at: the position of the block in the page's text
        :returns: the text, and citations whose positions are in the page's text.
        """
        text = ""
        citations: list[Citation] = []
        before = PARAGRAPH_BREAK
        for line in self.lines:
            if text:
                text += LINE_BREAK if before == line.separator == LINE_BREAK else PARAGRAPH_BREAK
            citations += [Citation(at + len(text) + mark.at, mark.number) for mark in line.citations]
            text += line.words
            before = line.separator
        return text, citations


@dataclass(slots=True)
class PageText:
    """A page collected in reading order; ``introduction_role`` is the role of the text before the first heading."""

    introduction_role: SectionRole = "other"
    _blocks: list[_Block] = field(default_factory=list)
    _outline: Outline = field(default_factory=Outline)
    _citations: tuple[Citation, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the footnote marks of the finished page."""
        return self._citations

    def heading(self, level: int, title: str) -> None:
        """Open a section below the last heading of a lower level."""
        title, _ = without_marks(title)
        if not title:
            return
        headings, anchor = self._outline.open(level, title)
        self._blocks.append(_Block(headings, anchor, role_of(headings)))

    def paragraph(self, text: str) -> None:
        """Add a paragraph to the open section."""
        self._add(PARAGRAPH_BREAK, text)

    def line(self, text: str) -> None:
        """Add a line such as a list item; it makes a block with the lines next to it."""
        self._add(LINE_BREAK, text)

    def finish(self) -> tuple[str, tuple[Section, ...]]:
        """Return the whole text and its sections in order, without empty sections or a repeated introduction."""
        self._drop_repeated_introduction()
        parts: list[str] = []
        sections: list[Section] = []
        citations: list[Citation] = []
        position = 0
        for block in self._blocks:
            if not block.lines:
                continue
            position += len(PARAGRAPH_BREAK) if parts else 0
            text, cited = block.written(position)
            citations += cited
            span = (position, position + len(text))
            sections.append(Section(block.headings, block.anchor, block.role, span))
            parts.append(text)
            position = span[1]
        self._citations = tuple(citations)
        return PARAGRAPH_BREAK.join(parts), tuple(sections)

    def _add(self, separator: str, text: str) -> None:
        words, citations = without_marks(text)
        if not words:
            return
        if not self._blocks:
            self._blocks.append(_Block((), None, self.introduction_role))
        self._blocks[-1].lines.append(_Line(separator, words, citations))

    def _drop_repeated_introduction(self) -> None:
        """Drop from the introduction what a section repeats word for word, because there it has an anchor."""
        if not self._blocks or self._blocks[0].headings:
            return
        introduction, below = self._blocks[0], self._blocks[1:]
        said = [line.words for block in below for line in block.lines]
        introduction.lines = [
            line
            for line in introduction.lines
            if not any(
                line.words == other or (len(line.words) >= _LONG_ENOUGH_TO_PROVE and line.words in other)
                for other in said
            )
        ]
