"""Everything there is to read, in lists: topics, glossary, and the sitemap for search engines; and the pictures.

Comes in: requests of browsers and of search engines. Goes out: pages, XML and files. It must not know how answers are
found.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, render_template, send_from_directory

from bot.records import SourceKind
from bot.web.errors import Refused
from bot.web.glossary import glossary_of
from bot.web.links import listed_page
from bot.web.service import current_service, own_origin

shelves = Blueprint("shelves", __name__)
_KINDS: tuple[SourceKind, ...] = ("explainer", "interview", "article")
_PICTURE = re.compile(r"[a-z0-9-]+\.(svg|png|webp|jpg)")
_DAY_S = 86_400


@shelves.get("/topics")
def topics() -> str:
    """Everything that answers can come from."""
    sources = current_service().answerer.sources()
    groups = {kind: [source for source in sources if source.kind == kind] for kind in _KINDS}
    return render_template("topics.html", groups={kind: found for kind, found in groups.items() if found})


@shelves.get("/glossary")
def glossary() -> str:
    """The key terms of all sources, from A to Z."""
    return render_template("glossary.html", letters=glossary_of(current_service().answerer.sources()))


@shelves.get("/sitemap.xml")
def sitemap() -> Response:
    """Our own pages, for search engines; what others publish is theirs to list."""
    service = current_service()
    own = [source for source in service.answerer.sources() if listed_page(source).startswith("/")]
    page = render_template("sitemap.xml", base=own_origin(), sources=own)
    return current_app.response_class(page, content_type="application/xml")


@shelves.get("/robots.txt")
def robots() -> Response:
    """Search engines may read what is published; the API and the chat in a frame are no pages."""
    lines = ("User-agent: *", "Disallow: /api/", "Disallow: /embed", f"Sitemap: {own_origin()}/sitemap.xml", "")
    return current_app.response_class("\n".join(lines), content_type="text/plain; charset=utf-8")


@shelves.get("/infographics/<name>")
def infographic(name: str) -> Response:
    """A picture of the corpus."""
    folder = current_service().infographics
    if folder is None or not _PICTURE.fullmatch(name):
        raise Refused("not_found", "No infographic has that name")
    return send_from_directory(folder.resolve(), name, max_age=_DAY_S)
