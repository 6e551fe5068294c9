"""Check links inside the corpus: ``related`` ids, links to our own pages with their anchors, and infographics.

Links to other sites are left alone, because nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

from bot.reading.links import is_safe_link, reader_path, time_anchors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile
    from bot.records import Source

_SHELVES = ("/explainers/", "/interviews/")
_PICTURES = "/infographics/"


class _Link(NamedTuple):
    href: str
    line: int


def check_related(files: Sequence[SourceFile], sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield ``related`` ids that no source has, or that are the source's own."""
    ids = {source.id for source in sources}
    for file in files:
        cards = [card.source_id for card in file.source.related_cards if card.source_id]
        for related in (*file.source.related_ids, *cards):
            if related == file.source.id:
                yield file.in_card("related", f"{related!r} is this source itself", "Take it out.", field="related")
            elif related not in ids:
                cure = "Write the id of a source that is there."
                yield file.in_card("related", f"there is no source {related!r}", cure, field="related")


def check_links(files: Sequence[SourceFile], sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield links in the text that a reader page drops, or that lead to no page or to no anchor in it."""
    anchors = {reader_path(source): _anchors_of(source) for source in sources}
    for file in files:
        own = reader_path(file.source)
        for link in _links_in(file):
            fault = _fault(link.href, own, anchors)
            if fault:
                yield file.at_line("links", *fault, line=link.line)
        for card in file.source.related_cards:
            fault = _fault(card.url, own, anchors) if card.url else None
            if fault:
                yield file.in_card("links", *fault, field="related")


def check_infographic(file: SourceFile) -> Iterator[Finding]:
    """Yield an infographic that does not exist, or that has no text for those who cannot see it."""
    link = file.source.infographic
    if link is None:
        return
    if not file.source.infographic_alt:
        cure = "Say in `infographic_alt:` what the picture shows."
        yield file.in_card("infographic", "the infographic has no text in its place", cure, field="infographic")
    picture = Path(file.card.path).resolve().parents[1] / link.removeprefix("/")
    if link.startswith(_PICTURES) and not picture.is_file():
        cure = "Put the picture into the folder infographics, or write null."
        yield file.in_card("infographic", f"there is no picture {link}", cure, field="infographic")


def _fault(href: str, own: str, anchors: Mapping[str, frozenset[str]]) -> tuple[str, str] | None:
    """Return what is wrong with a link, and its cure."""
    parts = urlsplit(href)
    page = unquote(parts.path) or own
    if parts.scheme in ("http", "https", "mailto", "tel"):
        return None
    if parts.path and not is_safe_link(href):
        return f"the link {href} is left out of pages", "Write https://..., or /explainers/ID for a source."
    if page.startswith(_SHELVES) and page not in anchors:
        return f"the link {href} leads to no source", "Write the id of a source that is there."
    if parts.fragment and page in anchors and unquote(parts.fragment) not in anchors[page]:
        return f"{page} has no place {parts.fragment!r}", "Write a heading of that page in small letters with hyphens."
    return None


def _anchors_of(source: Source) -> frozenset[str]:
    sections = {section.anchor for section in source.sections if section.anchor}
    turns = {f"turn-{number}" for number in range(1, len(source.turns) + 1)}
    return frozenset(sections | turns | {anchor for _, anchor in time_anchors(source)})


def _links_in(file: SourceFile) -> Iterator[_Link]:
    """Yield the targets of a text's links, which reading drops because quotable text is plain."""
    if not file.words.path.endswith(".md"):
        return
    for block in _parser().parse(file.words.body):
        for token in block.children or []:
            if token.type == "link_open":
                line = file.words.first_line + (block.map or [0])[0]
                yield _Link(str(token.attrGet("href") or ""), line)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")
