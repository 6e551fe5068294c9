"""Create the Flask application from a finished answerer and plain values.

Knows nothing of settings, index files or models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bot import __version__
from bot.dialogue.live import LiveDialogue
from bot.sites.live import LiveSites
from bot.sites.site import DEFAULT_SITE, Site
from bot.sites.tokens import FrameTokens
from bot.storage.remembering import Memory
from bot.web.bundling import bundles
from bot.web.comeback import comeback
from bot.web.conversations import conversations
from bot.web.errors import register_error_handlers
from bot.web.health import health
from bot.web.logos import logos
from bot.web.metrics import Metrics
from bot.web.pages import pages
from bot.web.parsing import MAX_BODY_BYTES, refuse_zero_bytes
from bot.web.partners import partners
from bot.web.presentation import register_filters
from bot.web.public import public
from bot.web.rates import MEMORY, Rates
from bot.web.searching import searching
from bot.web.security import secure
from bot.web.service import Service, current_site, keep_service
from bot.web.shared_numbers import SharedNumbers
from bot.web.shelves import shelves
from bot.web.staff import Desk, add_console
from bot.web.takeaway import takeaway
from bot.web.theme import theme
from bot.web.words import all_words, languages

_STATIC_FOLDER = Path(__file__).parent / "static"
_VERSION_DIGITS = 12


def create_app(
    answerer: LiveDialogue,
    *,
    service_name: str = "Explainer",
    publisher: str | None = None,
    contact_url: str | None = None,
    base_url: str = "",
    frame_ancestors: Sequence[str] = (),
    metrics_token: str | None = None,
    numbers: SharedNumbers | None = None,
    infographics: Path | None = None,
    country: str = "other",
    memory: Memory | None = None,
    sites: LiveSites | None = None,
    secrets: Sequence[bytes] = (),
    client_per_minute: int = 0,
    site_per_minute: int = 0,
    rate_storage: str = MEMORY,
    trusted_proxies: int = 0,
    desk: Desk | None = None,
) -> Flask:
    """Return the application that answers over HTTP with ``answerer``, which all requests share.

    :param publisher: the organisation whose explainers and interviews are quoted
    :param contact_url: ``https:`` or ``mailto:`` address of a person to ask, shown where there is no answer
    :param base_url: ``https://host`` in front of our own links on the wire; empty leaves them relative
    :param frame_ancestors: origins besides our own that may show ``/embed`` in a frame
    :param metrics_token: gives access to ``/metrics``; empty shows it to nobody, ``None`` to everybody
    :param numbers: where to count, if the workers share counts already; otherwise made here
    :param infographics: the folder of pictures that explainers name as ``/infographics/NAME``
    :param country: the one whose emergency numbers are shown
    :param memory: stores turns, votes and hand-offs; without it nothing is remembered
    :param sites: the sites of partners; without it there is only ours
    :param secrets: the first signs the tokens of frames, all are accepted; without any, tokens are valid as long as
        this application lives
    :param client_per_minute: how many questions one client may ask on our own site; 0 for no limit
    :param rate_storage: where questions are counted, ``memory://`` or ``redis://…``
    :param desk: what staff work with; without it there is no console
    """
    # Static files have their own route, with the version in the address.
    app = Flask(__name__, static_folder=None)
    metrics = Metrics(version=__version__, build_id=lambda: answerer.build_id, token=metrics_token, numbers=numbers)
    keys = secrets or [token_bytes(32)]
    own = Site(DEFAULT_SITE, service_name, tuple(frame_ancestors), country=country, contact_url=contact_url)
    limited = replace(own, client_per_minute=client_per_minute, site_per_minute=site_per_minute)
    service = Service(
        answerer=answerer,
        metrics=metrics,
        words=all_words(),
        name=service_name,
        publisher=publisher,
        contact_url=contact_url,
        base_url=base_url.rstrip("/"),
        asset_version=_digest_of_files(_STATIC_FOLDER),
        default_site=replace(limited, languages=languages()),
        tokens=FrameTokens(keys),
        rates=Rates(app, storage=rate_storage, salt=_salt(rate_storage, keys[0]), site=current_site),
        bundles=bundles(_STATIC_FOLDER, all_words().values()),
        infographics=infographics,
        memory=memory,
        sites=sites,
    )
    _furnish(app, service)
    _believe(app, trusted_proxies)
    if desk is not None:
        add_console(app, desk)
    return app


def _furnish(app: Flask, service: Service) -> None:
    """Add what every request passes through, and the blueprints."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    keep_service(app.extensions, service)
    service.metrics.watch(app)
    secure(app)
    app.before_request(refuse_zero_bytes)
    register_error_handlers(app)
    register_filters(app)
    for blueprint in (
        public,
        conversations,
        comeback,
        pages,
        partners,
        takeaway,
        theme,
        logos,
        shelves,
        searching,
        health,
    ):
        app.register_blueprint(blueprint)


def _salt(rate_storage: str, secret: bytes) -> bytes:
    """Return the salt of client names: shared by workers that count together, otherwise lost with this process."""
    return token_bytes(32) if rate_storage == MEMORY else hashlib.sha256(b"client names" + secret).digest()


def _believe(app: Flask, trusted_proxies: int) -> None:
    if trusted_proxies:
        # Only as many as there are, so that nothing a client itself writes is believed; and never the host, which not
        # every proxy sets.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=0)  # type: ignore[method-assign]


def _digest_of_files(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:_VERSION_DIGITS]
