"""Serve partners' logos from our own address, so that no page loads anything from elsewhere.

A logo never changes under its name. Knows nothing of whose it is.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from bot.web.errors import Refused
from bot.web.service import current_service

logos = Blueprint("logos", __name__)
_YEAR_S = 31_536_000


@logos.get("/logos/<digest>.png")
def logo(digest: str) -> Response:
    """Return a logo by its digest."""
    sites = current_service().sites
    content = sites.logo(digest) if sites is not None else None
    if content is None:
        raise Refused("not_found", "No site has that logo")
    response = current_app.response_class(content, content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return response
