"""Refuse frames on pages that may not show the chat, with a page that says why.

Without it the browser, which enforces the chat's policy in any case, would show an empty page. It works only where the
browser tells who asks. Knows nothing of what the chat says.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from bot.sites.site import Site
from bot.web.security import let_anybody_frame
from bot.web.service import current_service

Why = Literal["site", "origin"]
_STATUS: dict[Why, int] = {"site": 404, "origin": 403}


def is_framed_by_stranger(site: Site) -> bool:
    """Say whether a page that is not on the site's list asks for a frame with the chat.

    :returns: false where the browser does not tell who asks: its own refusal is then all there is
    """
    if request.headers.get("Sec-Fetch-Dest") not in {"iframe", "frame"} or not request.referrer:
        return False
    origin = _origin_of(request.referrer)
    return origin not in _own_origins() and not any(allows(listed, origin) for listed in site.origins)


def refused_frame(why: Why) -> Response:
    """Return the page that a frame shows instead of the chat: why, and whom to call.

    :param why: the site is unknown, or the page around the frame is not on its list
    :returns: a page that any page may frame, since it holds nothing of a family's
    """
    page = make_response(render_template("embed_refused.html", why=why), _STATUS[why])
    page.headers["Cache-Control"] = "no-store"
    return let_anybody_frame(page)


def _own_origins() -> set[str]:
    return {_origin_of(request.host_url), _origin_of(current_service().base_url)} - {""}


def allows(listed: str, origin: str) -> bool:
    """Say whether an entry of ``frame-ancestors`` matches an origin, as browsers do: a star is one label or more."""
    scheme, star, host = listed.partition("://*.")
    return origin == listed or (bool(star) and origin.startswith(f"{scheme}://") and origin.endswith(f".{host}"))


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
