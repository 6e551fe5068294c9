"""What the views of one application share.

Comes in: the answerer and plain values, from ``create_app``. Goes out: a frozen record kept on the application, so that
there is no global and two applications can live in one process. It must not know of requests.
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

    ``base_url`` goes in front of our own links on the wire (``https://host``, no slash at the end); when it is empty
    they stay relative. ``words`` are those of the screen by language. ``asset_version`` is a digest of the static
    files, part of their address, and ``bundles`` are those made of several. ``default_site`` is where the chat is on
    our own pages, with its country and contact link. ``tokens`` are those of frames; ``rates`` counts questions.
    ``infographics`` is the folder of the corpus's pictures. ``memory`` keeps a turn before its answer is sent; without
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
    """Puts the service where :func:`current_service` finds it."""
    extensions[_KEY] = service


def own_origin() -> str:
    """Where this service is, without a slash: what was set, else what the request says, which anybody can make up."""
    return current_service().base_url or request.url_root.rstrip("/")


def current_service() -> Service:
    """The service of the application that handles the current request."""
    return cast(Service, current_app.extensions[_KEY])


def service_of(app: Flask) -> Service:
    """The service of an application, for whoever adds to it."""
    return cast(Service, app.extensions[_KEY])


def language_for(asked: str | None) -> str:
    """The language of the screen: the one asked for if the site has it, else the site's first that we have."""
    known = current_service().words
    offered = [code for code in map(_primary, current_site().languages) if code in known] or [ENGLISH]
    wanted = _primary(asked or "")
    return wanted if wanted in offered else offered[0]


def current_words() -> Words:
    """The words of the page that is asked for."""
    return current_service().words[language_for(request.args.get("lang"))]


def _primary(code: str) -> str:
    """``es`` of ``es-MX``."""
    return code.lower().split("-")[0]


def current_site() -> Site:
    """The site that the current request is for, as :mod:`bot.web.callers` found out; ours where nobody asked."""
    site: Site | None = g.get("site")
    return site if site is not None else current_service().default_site
