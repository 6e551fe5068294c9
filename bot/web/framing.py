"""Where the chat may not be shown: the frame says so at once, instead of the browser's empty page.

Comes in: the headers of the current request, and a site. Goes out: why the page around the frame may not show the chat,
and the page that says it. It must not know what the chat says. Browsers go on to refuse frames by the chat's policy;
this only says why, where the browser tells who asks.
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
    """Whether a page that is not on the site's list asks for a frame with the chat.

    :returns: false also where the browser does not say who asks, and then its own refusal is all there is
    """
    if request.headers.get("Sec-Fetch-Dest") not in {"iframe", "frame"} or not request.referrer:
        return False
    origin = _origin_of(request.referrer)
    return origin not in _own_origins() and not any(allows(listed, origin) for listed in site.origins)


def refused_frame(why: Why) -> Response:
    """The page in the frame instead of the chat: why, and whom to call.

    :param why: the site is not known, or the page around is not on its list
    :returns: a page that any page may show, as it holds nothing of a family's
    """
    page = make_response(render_template("embed_refused.html", why=why), _STATUS[why])
    page.headers["Cache-Control"] = "no-store"
    return let_anybody_frame(page)


def _own_origins() -> set[str]:
    return {_origin_of(request.host_url), _origin_of(current_service().base_url)} - {""}


def allows(listed: str, origin: str) -> bool:
    """As browsers read an entry of ``frame-ancestors``: a star stands for one label or more."""
    scheme, star, host = listed.partition("://*.")
    return origin == listed or (bool(star) and origin.startswith(f"{scheme}://") and origin.endswith(f".{host}"))


def _origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
