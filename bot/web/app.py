"""The application factory.

Comes in: a finished answerer and plain values. Goes out: a Flask application. It must not know settings, files of the
index or models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from bot import __version__
from bot.web.conversations import conversations
from bot.web.errors import register_error_handlers
from bot.web.health import health
from bot.web.metrics import Metrics
from bot.web.pages import pages
from bot.web.parsing import MAX_BODY_BYTES
from bot.web.ports import AnswererPort, MemoryPort
from bot.web.presentation import register_filters
from bot.web.public import public
from bot.web.security import secure
from bot.web.service import Service, keep_service
from bot.web.shelves import shelves
from bot.web.staff import Desk, add_console
from bot.web.words import read_words

_STATIC_FOLDER = Path(__file__).parent / "static"
_VERSION_DIGITS = 12


def create_app(
    answerer: AnswererPort,
    *,
    service_name: str = "Explainer",
    publisher: str | None = None,
    contact_url: str | None = None,
    base_url: str = "",
    frame_ancestors: Sequence[str] = (),
    metrics_folder: str | None = None,
    infographics: Path | None = None,
    country: str = "other",
    memory: MemoryPort | None = None,
    desk: Desk | None = None,
) -> Flask:
    """The application that answers over HTTP with ``answerer``.

    :param answerer: answers, and is shared by all requests
    :param service_name: what the chat calls itself
    :param publisher: the organisation whose explainers and interviews are quoted
    :param contact_url: ``https:`` or ``mailto:`` address of a person to ask, shown where there is no answer
    :param base_url: ``https://host`` in front of our own links on the wire; empty leaves them relative
    :param frame_ancestors: origins besides our own that may show ``/embed`` in a frame
    :param metrics_folder: where several workers share their numbers; see :mod:`bot.web.metrics`
    :param infographics: the folder of pictures that explainers name as ``/infographics/NAME``
    :param country: whose emergency numbers are shown
    :param memory: keeps turns, votes and hand-offs; without it nothing is remembered
    :param desk: what staff work with; without it there is no console
    :returns: an application without global state
    """
    # Static files have a route of their own, whose address holds the version.
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    metrics = Metrics(version=__version__, build_id=lambda: answerer.build_id, folder=metrics_folder)
    service = Service(
        answerer=answerer,
        metrics=metrics,
        words=read_words("en"),
        name=service_name,
        publisher=publisher,
        contact_url=contact_url,
        base_url=base_url.rstrip("/"),
        frame_ancestors=tuple(frame_ancestors),
        asset_version=_digest_of_files(_STATIC_FOLDER),
        infographics=infographics,
        country=country,
        memory=memory,
    )
    keep_service(app.extensions, service)
    metrics.watch(app)
    secure(app)
    register_error_handlers(app)
    register_filters(app)
    for blueprint in (public, conversations, pages, shelves, health):
        app.register_blueprint(blueprint)
    if desk is not None:
        add_console(app, desk)
    return app


def _digest_of_files(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:_VERSION_DIGITS]
