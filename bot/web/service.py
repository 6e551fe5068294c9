"""Hold what the views of one application share.

It is kept on the application, so that there is no global and two applications can live in one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request

from bot.dialogue.live import LiveDialogue
from bot.sites.live import LiveSites
from bot.sites.site import Site
from bot.sites.tokens import FrameTokens
from bot.storage.remembering import Memory
from bot.web.metrics import Metrics
from bot.web.rates import Rates
from bot.web.words import ENGLISH, Words

_KEY = "explainer_service"


@dataclass(frozen=True, slots=True)
class Service:
    """The answerer, who runs the service, and what the pages need to say so.

    ``base_url`` goes in front of our own links on the wire (``https://host``, no trailing slash); when empty, they stay
    relative. ``words`` are the interface's words by language. ``asset_version`` is a digest of the static files and
    part of their addresses; ``bundles`` are static files made of several. ``default_site`` is the site of our own
    pages, with its country and contact link. ``tokens`` are those of frames; ``rates`` counts questions.
    ``infographics`` is the folder of the corpus's pictures. ``memory`` stores a turn before its answer is sent; without
    it nothing is remembered. ``sites`` knows the partners; without it there are none.
    """

    answerer: LiveDialogue
    metrics: Metrics
    words: Mapping[str, Words]
    name: str
    publisher: str | None
    contact_url: str | None
    base_url: str
    asset_version: str
    default_site: Site
    tokens: FrameTokens
    rates: Rates
    bundles: Mapping[str, bytes]
    infographics: Path | None = None
    memory: Memory | None = None
    sites: LiveSites | None = None


def keep_service(extensions: dict[str, object], service: Service) -> None:
    """Store the service where :func:`current_service` finds it."""
    extensions[_KEY] = service


def own_origin() -> str:
    """Return the address of this service without a trailing slash.

    It is the one that was set, else what the request says, which anybody can make up.
    """
    return current_service().base_url or request.url_root.rstrip("/")


def current_service() -> Service:
    """Return the service of the application that handles the current request."""
    return cast(Service, current_app.extensions[_KEY])


def service_of(app: Flask) -> Service:
    """Return the service of an application, for code that adds to it."""
    return cast(Service, app.extensions[_KEY])


def language_for(asked: str | None) -> str:
    """Return the interface language: the requested one if the site has it, else the site's first that we have."""
    known = current_service().words
    offered = [code for code in map(_primary, current_site().languages) if code in known] or [ENGLISH]
    wanted = _primary(asked or "")
    return wanted if wanted in offered else offered[0]


def current_words() -> Words:
    """Return the words of the requested page's language."""
    return current_service().words[language_for(request.args.get("lang"))]


def _primary(code: str) -> str:
    """Return ``es`` for ``es-MX``."""
    return code.lower().split("-")[0]


def current_site() -> Site:
    """Return the site that :mod:`bot.web.callers` found for the current request; ours where nothing asked for it."""
    site: Site | None = g.get("site")
    return site if site is not None else current_service().default_site
