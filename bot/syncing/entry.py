"""Define the records of this package: what a feed says, in any format.

Values are typed but not verified. Times are ISO 8601 in UTC, so that they sort as text.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A fetched or opened file with its headers; ``url`` is where it came from after redirects."""

    body: bytes
    url: str
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A file that an entry names: a transcript, a recording, a page with a video."""

    url: str
    media_type: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed. ``html`` and ``text`` are its whole content as written, ``summary`` is one plain line."""

    id: str
    title: str
    url: str | None = None
    summary: str | None = None
    html: str | None = None
    text: str | None = None
    published: str | None = None
    updated: str | None = None
    guests: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    transcripts: tuple[Link, ...] = ()
    media: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that cannot be taken, with the title by which a person would look for it."""

    title: str
    found: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as read.

    ``is_complete`` is whether the feed says that it lists every entry; ``is_whole`` is false if it may be cut short.
    ``deleted`` are the ids of entries that it says are gone.
    """

    entries: tuple[FeedEntry, ...]
    language: str = ""
    is_complete: bool = False
    is_whole: bool = True
    deleted: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
