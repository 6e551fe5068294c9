"""Make links to our reader pages and to the very words in them, and tell which links of the corpus are safe.

Knows nothing of requests.
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
    """Return the page of a source: its own if it has one that is safe to link to, else ours."""
    return safe_href(source.url) or reader_path(source)


def listed_page(source: Source) -> str:
    """Return where a list of our sources leads: to our pages, except for articles that somebody else publishes."""
    return source_page(source) if source.kind == "article" else reader_path(source)


def safe_href(address: str | None) -> str | None:
    """Return ``address`` if following it can run no script, else ``None``."""
    if address is None or _CONTROL.search(address) or not _SAFE_SCHEMES.match(address):
        return None
    return address


def in_context(url: str, text: str) -> str:
    """Return ``url`` with a text directive that makes browsers point at ``text``, on our own pages only.

    A short quote is named whole, a long one by its first and last words. A quote of several lines is named by its first
    line, because it is unknown what lies between its lines on the page. The widget's ``render.js`` does the same.
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
    """Percent-encode the words, and the hyphen too, which has a meaning of its own in a text directive."""
    return quote(" ".join(words), safe="").replace("-", "%2D")
