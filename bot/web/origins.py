"""Whether a form was sent by one of our own pages, as the browser says.

Comes in: the headers of the current request. Goes out: yes or no. It must not know what was sent.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from bot.web.service import current_service

# What a page of another origin makes a browser send never has one of these, and no script can set the header.
_OWN = frozenset({"same-origin", "none"})


def is_from_own_page() -> bool:
    """Whether the request may have come from a page of ours: what tells of its conversation is believed only then.

    A form of any page in the world can be posted to us. Browsers say where it came from: in ``Sec-Fetch-Site``, over
    plain http and in old ones in ``Origin``, which is ``null`` for a page that hides. A program says neither, but it
    acts for nobody but itself.

    :returns: false where another origin, also one of the same site, sent it
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in _OWN
    origin = request.headers.get("Origin")
    return origin is None or _host_of(origin) in {request.host.lower(), _host_of(current_service().base_url)} - {""}


def _host_of(origin: str) -> str:
    """Host and port. The scheme is left out: behind a proxy, ours may be another one than the browser's."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
