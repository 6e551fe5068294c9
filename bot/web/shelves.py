"""Serve the lists of everything there is to read: topics, glossary, sitemap; and the pictures.

Knows nothing of how answers are found.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory

from bot.web.errors import Refused
from bot.web.glossary import glossary_of
from bot.web.links import listed_page
from bot.web.needs import by_need
from bot.web.service import current_service, own_origin

shelves = Blueprint("shelves", __name__)
_PICTURE = re.compile(r"[a-z0-9-]+\.(svg|png|webp|jpg)")
_DAY_S = 86_400
_MOST_WORDS_CHARS = 100


@shelves.get("/topics")
def topics() -> str:
    """List the sources that answers can come from, by need; optionally only those of one need or with some words."""
    all_sources = current_service().answerer.sources()
    needs, wanted, words = [*by_need(all_sources)], request.args.get("need", ""), _typed_words()
    found = [source for source in all_sources if _tells_of(words, source.title, source.summary or "")]
    groups = {name: listed for name, listed in by_need(found).items() if wanted not in needs or name == wanted}
    return render_template("topics.html", groups=groups, needs=needs, wanted=wanted, words=words)


@shelves.get("/glossary")
def glossary() -> str:
    """List the key terms of all sources from A to Z; only those with the typed words, if there are any."""
    letters, words = glossary_of(current_service().answerer.sources()), _typed_words()
    found = [
        (letter, [entry for entry in entries if _tells_of(words, entry.term.term, *entry.term.synonyms)])
        for letter, entries in letters
    ]
    return render_template(
        "glossary.html", letters=[(letter, entries) for letter, entries in found if entries], words=words
    )


@shelves.get("/sitemap.xml")
def sitemap() -> Response:
    """List our own pages for search engines; what others publish is theirs to list."""
    service = current_service()
    own = [source for source in service.answerer.sources() if listed_page(source).startswith("/")]
    page = render_template("sitemap.xml", base=own_origin(), sources=own)
    return current_app.response_class(page, content_type="application/xml")


@shelves.get("/robots.txt")
def robots() -> Response:
    """Let search engines read what is published, except the API, the framed chat and searches."""
    lines = (
        "User-agent: *",
        "Disallow: /api/",
        "Disallow: /embed",
        "Disallow: /search",
        f"Sitemap: {own_origin()}/sitemap.xml",
        "",
    )
    return current_app.response_class("\n".join(lines), content_type="text/plain; charset=utf-8")


@shelves.get("/infographics/<name>")
def infographic(name: str) -> Response:
    """Return a picture of the corpus."""
    folder = current_service().infographics
    if folder is None or not _PICTURE.fullmatch(name):
        raise Refused("not_found", "No infographic has that name")
    return send_from_directory(folder.resolve(), name, max_age=_DAY_S)


def _typed_words() -> str:
    return " ".join(request.args.get("q", "")[:_MOST_WORDS_CHARS].split())


def _tells_of(words: str, *texts: str) -> bool:
    """Whether every one of the words occurs in the texts, ignoring case."""
    said = " ".join(texts).casefold()
    return all(word in said for word in words.casefold().split())
