"""Write the words of HTML that is all text into a PageText: headings, paragraphs, list items and table rows.

Only words leave this module, never a tag; scripts, styles, frames and hidden elements lose their words too. It looks
for no main text: a saved page, which has one, is read elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from bot.reading.htmltree import HEADING, mend
from bot.reading.textfile import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from bot.reading.pagetext import PageText

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


def write_html(html: str, page: PageText, *, level: int = 1) -> None:
    """Write the words of a piece of HTML into a page, in reading order."""
    root = _tree_of(html, level)
    if root is None:
        return
    reader = _Reader(page)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            reader.start(str(element.tag), element.attrib)
            reader.data(element.text or "")
        else:
            reader.end(str(element.tag))
            reader.data(element.tail or "")
    reader.flush()


def words_of_html(html: str) -> str:
    """Return the words of a paragraph with tags in it, with a space where it breaks."""
    root = _tree_of(html, 1)
    words: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")) if root is not None else ():
        apart = " " if element.tag in _BLOCKS and element.tag not in ("html", "body", "p") else ""
        hidden = element.tag in _UNREAD or _is_hidden(element.attrib)
        unread += hidden if event == "start" else 0
        if event == "end" and hidden:
            unread -= 1
        if not unread:
            words += [apart, (element.text if event == "start" else element.tail) or ""]
    return "".join(words)


def _tree_of(html: str, level: int) -> Element | None:
    # Python's own parser takes hours on a page that is crafted to slow it down.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        parser.feed(b"<body>" + html.encode("utf-8", "ignore").replace(b"\0", b""))
        root: Element = parser.close()
    except etree.LxmlError:
        return None
    mend(root, level)
    return root


class _Reader:
    """A writer into a page of the elements that it is told of."""

    def __init__(self, page: PageText) -> None:
        self.page = page
        self._words: list[str] = []
        self._level = 0
        self._in_item = False
        self._cells: list[str] | None = None
        self._unread: list[str] = []

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """Take the start of an element."""
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
        elif HEADING.fullmatch(tag) or tag in _BLOCKS:
            self.flush()
            self._level = int(tag[1]) if HEADING.fullmatch(tag) else 0
            self._in_item = tag == "li" or (self._in_item and tag not in ("ul", "ol"))

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if self._unread:
            self._unread.pop()
            return
        if tag in ("td", "th") and self._cells is not None:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif HEADING.fullmatch(tag) or (tag in _BLOCKS and tag != "br"):
            self.flush()
            self._level = 0
            self._in_item = self._in_item and tag not in ("li", "ul", "ol")

    def data(self, data: str) -> None:
        """Take words."""
        if not self._unread:
            self._words.append(data)

    def _end_cell(self) -> None:
        self._cells = [*(self._cells or ()), one_line("".join(self._words))]
        self._words.clear()

    def _end_row(self) -> None:
        """Write the collected cells on one line; a table may stand in a cell of another."""
        cells, self._cells = self._cells, None
        if cells:
            self.page.line(" | ".join(filter(None, cells)))
        self.flush()

    def flush(self) -> None:
        """Write the collected words as a heading, list item or paragraph; in a table row, keep them for its cell."""
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
