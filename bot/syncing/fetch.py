"""Fetch the document behind a link, or nothing if it has not changed since the last time.

Polite to servers (says who asks, and asks only for what is new) and wary of them (limits bytes, seconds and redirects,
and connects only to addresses that ``addresses`` allows). Knows nothing of feeds.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2

from bot.errors import BotError, FetchError
from bot.syncing.addresses import CheckedTransport, shown_url
from bot.syncing.entry import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

USER_AGENT = "conversational-explainer/0.1 (reads feeds for its corpus)"
# Ten times the largest feed or transcript of the samples; anything larger is a recording or a mistake.
MAX_BYTES = 10_000_000
# For one document, from the DNS look-up to the last byte.
MAX_SECONDS = 30.0
MAX_REDIRECTS = 3
_READ_SECONDS = 10.0
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/vtt, application/x-subrip, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetcher:
    """A fetcher of documents; ``trusted`` are hosts and ports that need not be on the open internet."""

    trusted: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Document | None:
        """Return the document behind a link, or ``None`` if the server says that it has not changed.

        :param etag: the ETag that came with the document last time
        :param last_modified: its Last-Modified
        :raises FetchError: if it cannot be fetched, is too large or too slow
        """
        headers = {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        attempt = _Attempt(url, headers, self.trusted, time.monotonic() + MAX_SECONDS)
        # In a thread, because the system's DNS look-up has no timeout.
        thread = threading.Thread(target=attempt.run, daemon=True)
        thread.start()
        thread.join(MAX_SECONDS)
        if thread.is_alive():
            raise _too_slow(url)
        if attempt.error is not None:
            raise attempt.error
        return attempt.document


@dataclass(slots=True)
class _Attempt:
    """One fetch in a thread of its own, with its result."""

    url: str
    headers: Mapping[str, str]
    trusted: frozenset[tuple[str, int]]
    deadline: float
    document: Document | None = None
    error: BotError | None = None

    def run(self) -> None:
        try:
            self.document = self._fetch()
        except BotError as error:
            self.error = error
        except httpx2.TooManyRedirects:
            found = f"it is redirected more than {MAX_REDIRECTS} times"
            self.error = FetchError(shown_url(self.url), found, "Use the link where it ends.")
        except httpx2.TimeoutException:
            self.error = _too_slow(self.url)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            found = f"it cannot be fetched ({str(error) or type(error).__name__})"
            self.error = FetchError(shown_url(self.url), found, "Check the link and the network, then sync again.")

    def _fetch(self) -> Document | None:
        timeout = httpx2.Timeout(min(_READ_SECONDS, MAX_SECONDS))
        transport = CheckedTransport(self.trusted)
        with (
            httpx2.Client(
                transport=transport,
                timeout=timeout,
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                trust_env=False,
            ) as client,
            client.stream("GET", self.url, headers=dict(self.headers)) as response,
        ):
            if response.status_code == httpx2.codes.NOT_MODIFIED:
                return None
            if response.status_code != httpx2.codes.OK:
                found = f"the server answers {response.status_code} {response.reason_phrase}".rstrip()
                raise FetchError(shown_url(self.url), found, "Check the link; if it is right, sync again later.")
            return _document(response, self._body(response))

    def _body(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BYTES:
                found = f"it is larger than {MAX_BYTES / 1_000_000:.0f} MB"
                raise FetchError(shown_url(self.url), found, "Check that the link is that of a feed or a transcript.")
            if time.monotonic() > self.deadline:
                raise _too_slow(self.url)
        return bytes(body)


def _document(response: httpx2.Response, body: bytes) -> Document:
    headers = response.headers
    return Document(
        body=body,
        url=str(response.url),
        media_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
    )


def _too_slow(url: str) -> FetchError:
    found = f"it took longer than {MAX_SECONDS:g} seconds"
    return FetchError(shown_url(url), found, "Sync again later, or save the file and sync that.")
