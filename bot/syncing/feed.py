"""Read a document of any feed format into a Feed, or raise a FeedError that says what was found instead."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bot.errors import FeedError
from bot.syncing.entry import Problem
from bot.syncing.jsonfeed import read_json_feed
from bot.syncing.xmlfeed import read_xml_feed

if TYPE_CHECKING:
    from bot.syncing.entry import Document, Feed, FeedEntry

# Far more than any feed that was seen; a feed is a window on what is new.
MAX_ENTRIES = 5_000
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WEB_PAGE = re.compile(rb"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def read_feed(document: Document, shown: str) -> Feed:
    """Return what a document says as a feed.

    :raises FeedError: if it is not a feed
    """
    body = document.body
    for mark in _MARKS:
        body = body.removeprefix(mark)
    if not body.strip():
        raise FeedError(shown, "the feed is empty", "Check that the link is that of the feed.")
    if _WEB_PAGE.match(body[:10_000]):
        raise FeedError(shown, "this is a web page and no feed", "Use the link of the feed that the page names.")
    feed = read_json_feed(document, shown) if body.lstrip()[:1] in (b"{", b"[") else read_xml_feed(document, shown)
    if len(feed.entries) > MAX_ENTRIES:
        found = f"the feed has {len(feed.entries):,} entries, more than {MAX_ENTRIES:,}"
        raise FeedError(shown, found, "Use a feed of the newest entries.")
    return _each_once(feed)


def _can_be_written(entry: FeedEntry) -> bool:
    try:
        msgspec.json.encode(entry)
    except UnicodeEncodeError:
        return False
    return True


def _each_once(feed: Feed) -> Feed:
    """Return the feed with the first entry of each id; later ones, and any that cannot be encoded, are problems."""
    entries: dict[str, FeedEntry] = {}
    problems = list(feed.problems)
    for entry in feed.entries:
        if not _can_be_written(entry):
            title = entry.title.encode("utf-8", "replace").decode()
            problems.append(Problem(title, "it has half a character (an escape \\ud800 to \\udfff on its own)"))
        elif entry.id in entries:
            problems.append(Problem(entry.title, f"another entry has the same id {entry.id[:200]!r}"))
        else:
            entries[entry.id] = entry
    return replace(feed, entries=tuple(entries.values()), problems=tuple(problems))
