"""Read the elements of RSS and Atom feeds that feedparser drops, or keeps only one of, into plain records.

Podcasting 2.0 (transcripts, persons, alternate enclosures), RFC 5005 (is the feed complete?), RFC 6721 (deleted
entries). defusedxml parses them, so that entities which expand or fetch are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from bot.errors import FeedError
from bot.reading.textfile import one_line
from bot.syncing.entry import Link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_HISTORY = "{http://purl.org/syndication/history/1.0}"
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_ENTRIES = frozenset({"item", "entry"})


@dataclass(frozen=True, slots=True)
class EntryExtension:
    """What one entry says beyond what feedparser reads of it; the link and the dates are as written."""

    transcripts: tuple[Link, ...] = ()
    media: tuple[Link, ...] = ()
    guests: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    link: str = ""
    published: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class FeedExtension:
    """The extensions of a whole feed, its entries in feed order; ``page`` is the channel's own link."""

    entries: tuple[EntryExtension, ...]
    page: str
    is_complete: bool
    deleted: tuple[str, ...]


def read_extensions(body: bytes, shown: str) -> FeedExtension | None:
    """Return what a feed says in extensions, or ``None`` if the XML is not well-formed.

    :raises FeedError: if the feed declares entities, or is nested too deep
    """
    try:
        root = fromstring(body)
    except DefusedXmlException as error:
        remedy = "Have it published without a DOCTYPE that declares entities."
        raise FeedError(shown, "the feed declares entities of its own, which is refused", remedy) from error
    except (ParseError, ValueError, LookupError):
        return None
    except RecursionError as error:
        raise FeedError(shown, "the feed is nested too deep", "Have it mended by those who publish it.") from error
    return FeedExtension(
        entries=tuple(_extension(entry) for entry in _entries(root)),
        page=next((_first(top, "link") for top in root if _name(top) == "channel"), ""),
        is_complete=any(child.tag == f"{_HISTORY}complete" for top in (root, *root) for child in top),
        deleted=tuple(ref for gone in root.iter(_TOMBSTONE) if (ref := gone.get("ref", "").strip())),
    )


def _entries(root: Element) -> Iterator[Element]:
    """Yield the entries: in Atom and RDF children of the root, in RSS one level below."""
    for top in (root, *root):
        yield from (child for child in top if _name(child) in _ENTRIES)


def _extension(entry: Element) -> EntryExtension:
    people = [
        (child.get("role", "host").lower(), one_line("".join(child.itertext())))
        for child in entry
        if _name(child) == "person" and _is_podcast(child)
    ]
    links = [
        Link(child.get("url", "").strip(), child.get("type", ""), child.get("language", ""))
        for child in entry
        if _name(child) == "transcript" and _is_podcast(child)
    ]
    return EntryExtension(
        transcripts=tuple(link for link in links if link.url),
        media=tuple(_media(entry)),
        guests=tuple(name for role, name in people if role == "guest" and name),
        hosts=tuple(name for role, name in people if role == "host" and name),
        link=_first(entry, "link"),
        published=_first(entry, "pubdate", "published", "date", "issued", "created"),
        updated=_first(entry, "updated", "modified"),
    )


def _first(element: Element, *names: str) -> str:
    """Return the text of the first child with one of the names; earlier names win."""
    for name in names:
        for child in element:
            if _name(child) == name and not _is_podcast(child) and (text := one_line(child.text or "")):
                return text
    return ""


def _media(entry: Element) -> Iterator[Link]:
    for child in entry:
        if _name(child) == "alternateenclosure" and _is_podcast(child):
            for source in child:
                if uri := source.get("uri", "").strip():
                    yield Link(uri, child.get("type", ""))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _is_podcast(element: Element) -> bool:
    """Whether an element belongs to Podcasting 2.0, whose namespace has been spelt in more than one way."""
    space = element.tag.rpartition("}")[0].lower()
    return "podcastindex.org/namespace" in space or "podcast-namespace" in space
