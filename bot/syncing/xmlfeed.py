"""Read RSS and Atom into a Feed; ``extensions`` reads what feedparser leaves out."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import feedparser

from bot.errors import FeedError
from bot.reading.textfile import one_line
from bot.syncing.dates import time_of
from bot.syncing.entry import Feed, FeedEntry, Link, Problem
from bot.syncing.extensions import EntryExtension, read_extensions
from bot.syncing.links import is_transcript, web_link, web_link_at
from bot.syncing.markup import page_of_html, plain_line
from bot.syncing.xmltext import as_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.syncing.entry import Document

# ``markup`` reads the HTML and keeps no tag at all; resolving its links first would only cost time.
_UNTOUCHED = {"sanitize_html": False, "resolve_relative_uris": False}
# feedparser takes minutes for the tens of thousands that a hostile feed could have; real elements have about five.
_MAX_ATTRIBUTES = 500
_TAG = re.compile(rb"<(?![!?])[^<>]+")
_HTML = frozenset({"text/html", "application/xhtml+xml"})
# RSS uses one field for a teaser or a whole article; a teaser is one paragraph of at most this many characters.
_MAX_SUMMARY_CHARS = 600


def read_xml_feed(document: Document, shown: str) -> Feed:
    """Return the feed; it is not whole if the XML is not well-formed.

    :raises FeedError: if it is not a feed, or cannot be read safely
    """
    body = as_utf8(document, shown)
    if any(tag.count(b"=") > _MAX_ATTRIBUTES for tag in _TAG.findall(body)):
        found = f"the feed has an element with more than {_MAX_ATTRIBUTES} attributes"
        raise FeedError(shown, found, "Have it mended by those who publish it.")
    extension = read_extensions(body, shown)
    if extension is None and b":transcript" in body:
        found = "the feed is not well-formed XML, and its transcripts cannot be told apart"
        raise FeedError(shown, found, "Have it mended by those who publish it.")
    # Passed as a stream: feedparser would open a text that looks like a link or a file name.
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": document.url}
    try:
        parsed = feedparser.parse(BytesIO(body), response_headers=headers, **_UNTOUCHED)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise FeedError(shown, "the feed cannot be read", "Have it mended by those who publish it.") from error
    if not parsed.get("version") and not parsed.entries:
        raise FeedError(shown, "this is no RSS, Atom or JSON feed", "Check that the link is that of the feed.")
    extensions: Sequence[EntryExtension] = extension.entries if extension else ()
    if len(extensions) != len(parsed.entries):
        if any(one.transcripts for one in extensions):
            found = f"the feed has {len(parsed.entries)} entries in one reading and {len(extensions)} in another"
            raise FeedError(shown, found, "Have it mended by those who publish it.")
        extensions = [EntryExtension()] * len(parsed.entries)
    feed = _feed(parsed, extensions, extension.page if extension and b"xml:base" not in body else "")
    if extension is None:
        return replace(feed, is_whole=False)
    return replace(feed, is_complete=extension.is_complete, deleted=extension.deleted)


def _feed(parsed: Any, extensions: Sequence[EntryExtension], page: str) -> Feed:
    is_rss = not str(parsed.version).startswith("atom")
    entries: list[FeedEntry] = []
    problems: list[Problem] = []
    for number, (raw, extension) in enumerate(zip(parsed.entries, extensions, strict=True), start=1):
        try:
            entries.append(_entry(raw, extension, page, is_rss=is_rss))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            problems.append(Problem(f"entry {number}", f"it cannot be read ({type(error).__name__})"))
    return Feed(
        entries=tuple(entries),
        language=str(parsed.feed.get("language") or ""),
        problems=tuple(problems),
    )


def _entry(raw: Any, extension: EntryExtension, page: str, *, is_rss: bool) -> FeedEntry:
    title = _title(raw)
    # RSS does not define what a relative link is relative to; authors mean the channel's site.
    url = (web_link_at(page, extension.link) if is_rss and page else None) or web_link(raw.get("link"))
    html, text = _content(raw)
    # Without a summary feedparser returns the content in its place, but no ``summary_detail``.
    summary = _words(raw.get("summary", ""), raw["summary_detail"]) if "summary_detail" in raw else ""
    if is_rss and not html and not text and _is_article(raw.get("summary", "")):
        html, summary = raw.get("summary", ""), ""
    media = [*_media(raw), *extension.media]
    # For a missing ``updated`` feedparser returns ``published`` with a warning; ``_time`` asks with ``in`` first.
    published = time_of(extension.published) if extension.published else _time(raw, "published")
    updated = time_of(extension.updated) if extension.updated else _time(raw, "updated")
    return FeedEntry(
        id=str(raw.get("id") or url or sha256(f"{title}\n{published}\n{summary}".encode()).hexdigest()),
        title=title,
        url=url,
        summary=summary or None,
        html=html or None,
        text=text or None,
        published=published or updated,
        updated=updated,
        guests=extension.guests,
        hosts=extension.hosts,
        tags=tuple(dict.fromkeys(one_line(tag.get("term") or "") for tag in raw.get("tags", ()) if tag.get("term"))),
        transcripts=(*extension.transcripts, *(link for link in media if is_transcript(link))),
        media=tuple(link for link in media if not is_transcript(link)),
    )


def _title(raw: Any) -> str:
    return _words(raw.get("title", ""), raw.get("title_detail"))


def _words(value: str, detail: Any) -> str:
    """Return a value on one line; plain text may mention tags, HTML has them removed."""
    return plain_line(value) if (detail or {}).get("type") in _HTML else one_line(value)


def _content(raw: Any) -> tuple[str, str]:
    """Return the longest content, as HTML if there is any, else as plain text."""
    found = [(part.get("type", ""), part.get("value") or "") for part in raw.get("content", ())]
    pages = [value for kind, value in found if kind in _HTML]
    texts = [value for kind, value in found if kind == "text/plain"]
    return max(pages, key=len, default=""), "" if pages else max(texts, key=len, default="")


def _is_article(description: str) -> bool:
    text, _ = page_of_html(description).finish()
    return len(text) > _MAX_SUMMARY_CHARS or "\n" in text


def _media(raw: Any) -> list[Link]:
    enclosures = [Link(link.get("href") or "", link.get("type") or "") for link in raw.get("enclosures", ())]
    shown = [
        Link(link.get("url") or "", link.get("type") or f"{link.get('medium', '')}/*")
        for link in raw.get("media_content", ())
    ]
    player = raw.get("media_player") or {}
    return [link for link in (*enclosures, *shown, Link(player.get("url") or "")) if link.url]


def _time(raw: Any, name: str) -> str | None:
    """Return a time in UTC as ISO 8601; ``None`` if it is missing or does not exist."""
    return time_of(str(raw[name])) if name in raw else None
