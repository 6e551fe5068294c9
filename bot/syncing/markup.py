"""HTML of a feed in, its words out: as a PageText with headings, paragraphs, list items and table rows.

Feeds are written by others: only words leave this module, never a tag, and of scripts, styles, frames and what readers
do not see not even the words. A feed holds the article alone, so there is no main text to look for in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from bot.reading.pagetext import PageText
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADING = re.compile(r"h[1-6]")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "header", "hr", "html", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "li", "br",
})  # fmt: skip
_UNREAD = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "math", "canvas",
    "audio", "video", "head", "title", "select", "textarea", "button", "form",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_CODE = re.compile(r"<(script|style|template|noscript)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def without_code(markup: str) -> str:
    """Markup without its scripts and styles, for readers that look at nothing but words."""
    return _CODE.sub(" ", markup)


def page_of_html(html: str) -> PageText:
    """The words of a piece of HTML, in reading order.

    :param html: HTML as a feed has it, whole pages too
    :returns: the page, to be finished
    """
    reader = _Reader()
    # Python's own parser takes hours for a page that is made to keep it busy.
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True)
    try:
        parser.feed(b"<body>" + html.encode("utf-8", "ignore").replace(b"\0", b""))
        parser.close()
    except etree.LxmlError:
        pass
    reader.flush()
    return reader.page


def plain_line(html: str) -> str:
    """The words of a piece of HTML on one line."""
    text, sections = page_of_html(html).finish()
    titles = [section.headings[-1] for section in sections if section.headings]
    return one_line(text) or one_line(" ".join(titles))


class _Reader:
    """What lxml tells of the elements that it meets, as a page."""

    def __init__(self) -> None:
        self.page = PageText()
        self._words: list[str] = []
        self._level = 0
        self._in_item = False
        self._cells: list[str] | None = None
        self._unread: list[str] = []

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """An element begins."""
        if self._unread or tag in _UNREAD or _is_hidden(attrs):
            self._unread.append(tag)
            return
        if tag == "br":
            self._words.append(" ")
        elif tag in ("table", "tr"):
            self._end_row()
            self._cells = [] if tag == "tr" else None
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
        elif _HEADING.fullmatch(tag) or tag in _BLOCKS:
            self.flush()
            self._level = int(tag[1]) if _HEADING.fullmatch(tag) else 0
            self._in_item = tag == "li" or (self._in_item and tag not in ("ul", "ol"))

    def end(self, tag: str) -> None:
        """An element ends; lxml ends every one that has begun, in the right order."""
        if self._unread:
            self._unread.pop()
            return
        if tag in ("td", "th") and self._cells is not None:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif _HEADING.fullmatch(tag) or (tag in _BLOCKS and tag != "br"):
            self.flush()
            self._level = 0
            self._in_item = self._in_item and tag not in ("li", "ul", "ol")

    def data(self, data: str) -> None:
        """Words."""
        if not self._unread:
            self._words.append(data)

    def close(self) -> None:
        """The end."""

    def _end_cell(self) -> None:
        self._cells = [*(self._cells or ()), one_line("".join(self._words))]
        self._words.clear()

    def _end_row(self) -> None:
        """Write the cells that were collected on one line; a table may stand in a cell of another."""
        cells, self._cells = self._cells, None
        if cells:
            self.page.line(" | ".join(filter(None, cells)))
        self.flush()

    def flush(self) -> None:
        """Write the words that were collected, as what they are."""
        words = one_line("".join(self._words))
        self._words.clear()
        if self._cells is not None or not words:
            if words:
                self._words.append(f"{words} ")
        elif self._level:
            self.page.heading(self._level, words)
        elif self._in_item:
            self.page.line(words)
        else:
            self.page.paragraph(words)


def _is_hidden(attrs: Mapping[str, str]) -> bool:
    return "hidden" in attrs or attrs.get("aria-hidden") == "true" or bool(_HIDDEN.search(attrs.get("style", "")))
