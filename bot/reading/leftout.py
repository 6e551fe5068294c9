"""Warn of each paragraph amid the text of a saved page that was not read.

The library that finds the main text silently drops what it takes for something else.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from bot.records import Source

log = logging.getLogger("bot")

_BLOCKS = (
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "figcaption",
    "label",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
)
_BESIDE = frozenset({"nav", "footer", "aside", "header", "form", "button", "head", "svg"})
_NOT_LETTERS = re.compile(r"[\W_]+")
_SHOWN_CHARS = 80
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class PageBlock:
    """The words of a paragraph or the like, and its line in the file."""

    line: int
    words: str


def blocks_in(tree: Element) -> list[PageBlock]:
    """Return the paragraphs, list items, cells and headings in the text of a page, in order."""
    beside: set[Element] = set()
    blocks = []
    for element in tree.iter(etree.Element):
        is_beside = element.tag in _BESIDE and not (element.tag == "aside" and _is_in_text(element))
        if is_beside or element.getparent() in beside:
            beside.add(element)
        elif element.tag in _BLOCKS and next(element.iterdescendants(*_BLOCKS), None) is None:
            words = one_line("".join(map(str, element.itertext())))
            if _letters(words):
                blocks.append(PageBlock(int(element.sourceline or 1), words))
    return blocks


def _is_in_text(element: Element) -> bool:
    return next(element.iterancestors("main", "article"), None) is not None


def name_left_out(name: str, blocks: Sequence[PageBlock], source: Source) -> None:
    """Warn of every block between the first and the last words read that was not read itself."""
    cards = (f"{card.title} {card.summary} {card.why_it_matters}" for card in source.related_cards)
    headings = (" ".join(section.headings) for section in source.sections)
    said = _letters(" ".join([source.title, source.text, *headings, *cards]))
    is_read = [_letters(block.words) in said for block in blocks]
    if True not in is_read:
        return
    first, last = is_read.index(True), len(is_read) - is_read[::-1].index(True)
    missing = [block for block, read in zip(blocks[first:last], is_read[first:last], strict=True) if not read]
    for block in missing[:_MOST_NAMED]:
        log.warning("%s:%d: left out of the page: %r", name, block.line, block.words[:_SHOWN_CHARS])
    if len(missing) > _MOST_NAMED:
        log.warning("%s: left out of the page: %d more", name, len(missing) - _MOST_NAMED)


def _letters(words: str) -> str:
    return _NOT_LETTERS.sub("", words).casefold()
