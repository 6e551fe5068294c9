"""Read a feed, and the files that it refers to, from a link or a file.

A feed in a file may refer to files beside it or below and to links, and to nothing else on the machine; a fetched feed
only to links.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bot.errors import FeedError
from bot.syncing import fetch
from bot.syncing.addresses import shown_url
from bot.syncing.entry import Document

_WEB = ("http", "https")


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """Where a feed is: a link or a file. ``shown`` is how messages and the state name it."""

    shown: str
    fetcher: fetch.Fetcher
    url: str | None = None
    file: Path | None = None

    def read_feed(self, *, etag: str, last_modified: str) -> Document | None:
        """Return the feed, or ``None`` if its server says that it has not changed.

        :param etag: the ETag of the last time
        :param last_modified: the Last-Modified of the last time
        :raises FetchError: if it cannot be fetched
        :raises FeedError: if the file cannot be read
        """
        if self.file is not None:
            return _read_file(self.file)
        return self.fetcher.fetch(self.url or "", etag=etag, last_modified=last_modified)

    def read(self, reference: str) -> Document:
        """Return a file that the feed refers to.

        :param reference: a link, absolute or relative to the feed
        :raises FetchError: if it cannot be fetched
        :raises FeedError: if it is not a link, or lies outside the feed's folder
        """
        link = reference if self.url is None else urljoin(self.url, reference)
        scheme = urlsplit(link).scheme
        if scheme in _WEB:
            document = self.fetcher.fetch(link)
            if document is None:
                raise FeedError(shown_url(link), "the server sends nothing", "Sync again later.")
            return document
        if scheme or self.file is None or link.startswith("//"):
            remedy = "The feed should name it by an https:// link."
            raise FeedError(self.shown, f"{shown_url(reference)[:200]!r} is not a link that is followed", remedy)
        return _read_file(_beside(self.file, link, self.shown))


def place_of(location: str, corpus: Path, trusted: frozenset[tuple[str, int]]) -> FeedPlace:
    """Return the place that a person typed.

    :param corpus: the state names files relative to this folder's parent, so that names are the same on every machine
    :param trusted: hosts and ports that need not be on the open internet
    :raises FeedError: if it is neither a link nor a file
    """
    fetcher = fetch.Fetcher(trusted)
    if "://" in location:
        return FeedPlace(shown_url(location), fetcher, url=location)
    file = Path(location)
    if not file.is_file():
        raise FeedError(location, "there is no such file", "Give a file, or a link that begins with https://.")
    shown = Path(os.path.relpath(file.resolve(), corpus.resolve().parent)).as_posix()
    return FeedPlace(shown, fetcher, file=file)


def _beside(feed: Path, reference: str, shown: str) -> Path:
    folder = feed.resolve().parent
    path = (folder / unquote(urlsplit(reference).path)).resolve()
    if not path.is_relative_to(folder):
        remedy = "Put it beside the feed, in the same folder or below."
        raise FeedError(shown, f"{reference[:200]!r} leads out of the feed's folder", remedy)
    return path


def _read_file(path: Path) -> Document:
    try:
        with path.open("rb") as file:
            body = file.read(fetch.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise FeedError(
            path.name, f"the file cannot be opened ({reason})", "Check its name and permissions."
        ) from error
    if len(body) > fetch.MAX_BYTES:
        found = f"the file is larger than {fetch.MAX_BYTES / 1_000_000:.0f} MB"
        raise FeedError(path.name, found, "Check that it is a feed or a transcript.")
    return Document(body, path.name)
