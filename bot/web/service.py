"""What the views of one application share.

Comes in: the answerer and plain values, from ``create_app``. Goes out: a frozen record kept on the application, so that
there is no global and two applications can live in one process. It must not know of requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app

from bot.web.metrics import Metrics
from bot.web.ports import AnswererPort, MemoryPort
from bot.web.words import Words

_KEY = "explainer_service"
DEFAULT_SITE = "default"


@dataclass(frozen=True, slots=True)
class Service:
    """The answerer, who runs the service, and what the pages need to say so.

    ``base_url`` goes in front of our own links on the wire (``https://host``, no slash at the end); when it is empty
    they stay relative. ``frame_ancestors`` are the origins that may show ``/embed`` in a frame. ``asset_version`` is a
    digest of the static files, part of their address. ``infographics`` is the folder of the corpus's pictures.
    ``country`` is whose emergency numbers are shown.
    ``memory`` keeps a turn before its answer is sent; without it nothing is remembered.
    """

    answerer: AnswererPort
    metrics: Metrics
    words: Words
    name: str
    publisher: str | None
    contact_url: str | None
    base_url: str
    frame_ancestors: tuple[str, ...]
    asset_version: str
    infographics: Path | None = None
    country: str = "other"
    memory: MemoryPort | None = None


def keep_service(extensions: dict[str, object], service: Service) -> None:
    """Puts the service where :func:`current_service` finds it."""
    extensions[_KEY] = service


def current_service() -> Service:
    """The service of the application that handles the current request."""
    return cast(Service, current_app.extensions[_KEY])
