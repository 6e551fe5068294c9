"""Reduce the HTML of a feed to its words, as a PageText or on one line.

Others write the feed, so only words leave this module, never a tag. A feed holds only the article, so there is no main
text to look for.
"""

from __future__ import annotations

from bot.reading.htmlpage import write_html
from bot.reading.pagetext import PageText
from bot.reading.textfile import one_line


def page_of_html(html: str) -> PageText:
    """Return the words of a piece of HTML, in reading order."""
    page = PageText()
    write_html(html, page)
    return page


def plain_line(html: str) -> str:
    """Return the words of a piece of HTML on one line."""
    text, sections = page_of_html(html).finish()
    titles = [section.headings[-1] for section in sections if section.headings]
    return one_line(text) or one_line(" ".join(titles))
