"""Links: to our reader pages, to the very words in them, and which links of the corpus may be followed.

Comes in: sources, quotes, and addresses written by editors. Goes out: addresses. It must not know of requests.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.reading.links import reader_path
from bot.records import Source

_SAFE_SCHEMES = re.compile(r"(?:https?://|mailto:|tel:|sms:|/(?![/\\])|#)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_LIST_MARK = re.compile(r"^[-•*]\s+")
_EXACT_WORDS = 12
_EDGE_WORDS = 5


def source_page(source: Source) -> str:
    """The page of a source: its own where it has one that may be linked to, else ours."""
    return safe_href(source.url) or reader_path(source)


def listed_page(source: Source) -> str:
    """Where a list of our sources leads: to our pages, except for articles that somebody else publishes."""
    return source_page(source) if source.kind == "article" else reader_path(source)


def safe_href(address: str | None) -> str | None:
    """``address`` if following it can run no script, else ``None``."""
    if address is None or _CONTROL.search(address) or not _SAFE_SCHEMES.match(address):
        return None
    return address


def in_context(url: str, text: str) -> str:
    """``url`` with a text directive that makes browsers point at ``text``, for our own pages only.

    A short quote is named whole, a long one by its first and last words. Quotes over several lines are named by their
    first line, because the parts of a page between them are unknown. The widget's ``render.js`` does the same.
    Source: https://wicg.github.io/scroll-to-text-fragment/
    """
    words = _LIST_MARK.sub("", text.strip().split("\n", 1)[0]).split()
    if not url.startswith("/") or ":~:" in url or not words:
        return url
    if len(words) <= _EXACT_WORDS:
        directive = _escaped(words)
    else:
        directive = f"{_escaped(words[:_EDGE_WORDS])},{_escaped(words[-_EDGE_WORDS:])}"
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def _escaped(words: list[str]) -> str:
    """Percent-encoded, with the dash too, which has a meaning of its own in a text directive."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
