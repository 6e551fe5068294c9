"""Serve the probes for operators: alive, ready, and numbers for Prometheus.

Knows nothing of questions or answers.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import NotFound, Unauthorized

from bot.errors import IndexUnavailable
from bot.web.readiness import Health, readiness
from bot.web.service import current_service

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Return 200 as long as the process answers requests."""
    return _json(Health("alive"))


@health.get("/readyz")
def readyz() -> Response:
    """Return 200 with the Build that answers, 503 while there is none."""
    answerer = current_service().answerer
    if not answerer.ready():
        raise IndexUnavailable("the index folder", "no Build is loaded")
    return _json(readiness(answerer.build_id))


@health.get("/metrics")
def metrics() -> Response:
    """Return counts and times in the Prometheus text format to whoever has the token."""
    shown = current_service().metrics
    if not shown.shown_at_all():
        raise NotFound
    if not shown.shown_to(_bearer()):
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    exposition = current_service().metrics.exposition()
    return Response(exposition.body, content_type=exposition.content_type, headers={"Cache-Control": "no-store"})


def _bearer() -> str:
    given = request.authorization
    return (given.token or "") if given is not None and given.type == "bearer" else ""


def _json(content: Health) -> Response:
    body = msgspec.json.encode(content)
    return Response(body, content_type="application/json", headers={"Cache-Control": "no-store"})
