"""Applications, clients and requests for the tests of this room."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.web.app import create_app

from .fake_answerer import FakeAnswerer


def client(answerer: FakeAnswerer | None = None, **settings: Any) -> FlaskClient:
    """A client of a fresh application around the fake answerer."""
    return create_app(answerer or FakeAnswerer(), **{"service_name": "Test Answers", **settings}).test_client()


def chat(to: FlaskClient, message: object = "What is a digital twin?", **fields: object) -> TestResponse:
    """The response to a chat request."""
    return to.post("/api/v1/chat", json={"message": message, **fields})
