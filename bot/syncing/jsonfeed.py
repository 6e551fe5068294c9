"""Read a JSON Feed (1.0 or 1.1, jsonfeed.org) into a Feed; one bad item does not stop the others."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.errors import FeedError
from bot.reading.textfile import one_line
from bot.syncing.dates import time_of
from bot.syncing.entry import Feed, FeedEntry, Link, Problem
from bot.syncing.links import is_transcript, web_link, web_link_at
from bot.syncing.markup import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.syncing.entry import Document

_VERSION = "jsonfeed.org/version/1"


def read_json_feed(document: Document, shown: str) -> Feed:
    """Return the feed, with a problem for each item that cannot be taken.

    :raises FeedError: if it is not JSON, or not a feed
    """
    try:
        record = json.loads(document.body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        at = f" on line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FeedError(shown, f"the feed is not JSON{at}", "Have it mended by those who publish it.") from error
    if not isinstance(record, dict) or _VERSION not in str(record.get("version")):
        remedy = f"A JSON Feed says `version: https://{_VERSION}.1`."
        raise FeedError(shown, "this is JSON, but no JSON Feed", remedy)
    items = record.get("items")
    if not isinstance(items, list):
        raise FeedError(shown, "the feed has no list of items", "Have it mended by those who publish it.")
    page = next((link for name in ("home_page_url", "feed_url") if (link := web_link(str(record.get(name) or "")))), "")
    entries: list[FeedEntry] = []
    problems: list[Problem] = []
    for number, item in enumerate(items, start=1):
        try:
            entries.append(_entry(item, page))
        except (TypeError, ValueError) as error:
            problems.append(Problem(_title(item) or f"item {number}", str(error)))
    return Feed(tuple(entries), language=str(record.get("language") or ""), problems=tuple(problems))


def _entry(item: Any, page: str) -> FeedEntry:
    if not isinstance(item, dict):
        raise TypeError("the item is not an object")
    url = next((link for name in ("url", "external_url") if (link := web_link_at(page, _text(item, name)))), None)
    media = list(_links(item.get("attachments")))
    transcripts = [link for record in _extensions(item) for link, _ in _links(record.get("transcripts"))]
    return FeedEntry(
        id=_id(item) or url or sha256(json.dumps(item, sort_keys=True).encode()).hexdigest(),
        title=_title(item),
        url=url,
        summary=plain_line(_text(item, "summary")) or None,
        html=_text(item, "content_html") or None,
        text=_text(item, "content_text") or None,
        published=_time(item, "date_published"),
        updated=_time(item, "date_modified"),
        guests=tuple(_people(item, "guest")),
        hosts=tuple(_people(item, "host")),
        tags=tuple(one_line(tag) for tag in item.get("tags") or () if isinstance(tag, str) and tag.strip()),
        transcripts=(*transcripts, *(link for link, called in media if is_transcript(link, called))),
        media=tuple(link for link, called in media if not is_transcript(link, called)),
    )


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{name} is not text")
    return value


def _id(item: dict[str, Any]) -> str:
    """Return the id; the format asks readers to accept numbers as text."""
    value = item.get("id")
    return str(value) if isinstance(value, int | float) else _text(item, "id")


def _title(item: Any) -> str:
    value = item.get("title") if isinstance(item, dict) else None
    return one_line(value) if isinstance(value, str) else ""


def _time(item: dict[str, Any], name: str) -> str | None:
    return time_of(_text(item, name))


def _extensions(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the item and its custom objects (names that begin with an underscore), which hold transcripts."""
    yield item
    yield from (value for name, value in item.items() if name.startswith("_") and isinstance(value, dict))


def _links(values: Any) -> Iterator[tuple[Link, str]]:
    """Yield the files of a list, each with its title."""
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict) and isinstance(value.get("url"), str) and value["url"].strip():
            called = str(value.get("title") or "")
            media_type = str(value.get("mime_type") or value.get("type") or "")
            yield Link(value["url"].strip(), media_type, str(value.get("language") or "")), called


def _people(item: dict[str, Any], role: str) -> Iterator[str]:
    """Yield the names of those with a role in custom objects; someone without a role is a host (Podcasting 2.0)."""
    for record in _extensions(item):
        people = record.get("persons")
        for person in people if isinstance(people, list) else ():
            if isinstance(person, dict) and str(person.get("role") or "host").lower() == role:
                yield from filter(None, [one_line(str(person.get("name") or ""))])
