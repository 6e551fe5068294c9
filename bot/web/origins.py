"""Tell from the browser's headers whether a form was sent by one of our own pages.

Knows nothing of what was sent.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from bot.web.service import current_service

# A request that a page of another origin causes never has one of these values, and no script can set the header.
_OWN = frozenset({"same-origin", "none"})


def is_from_own_page() -> bool:
    """Say whether the request may come from a page of ours; only then is the conversation that it names trusted.

    Any page in the world can post a form to us. Browsers say where it came from in ``Sec-Fetch-Site``; over plain http,
    and in old browsers, in ``Origin``, which is ``null`` for a page that hides. A program sends neither, but acts only
    for itself.

    :returns: false where another origin sent it, even one of the same site
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in _OWN
    origin = request.headers.get("Origin")
    return origin is None or _host_of(origin) in {request.host.lower(), _host_of(current_service().base_url)} - {""}


def _host_of(origin: str) -> str:
    """Return host and port, without the scheme: behind a proxy, ours may differ from the browser's."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
