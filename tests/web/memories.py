"""A real memory in a SQLite file, and requests about what it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.storage.remembering import Memory
from bot.storage.secrecy import Sealer
from tests.databases import with_tables

from .factories import client

SECRET = "Ada"


def redact(text: str) -> str:
    return text.replace(SECRET, "[name]")


def a_memory(database_url: str, *, key: bool = True) -> Memory:
    """A memory whose redaction takes one name out."""
    database = with_tables(database_url)
    sealer = Sealer([Fernet.generate_key().decode()]) if key else None
    return Memory(database, redact=redact, sealer=sealer)


def remembering(folder: Path, **settings: Any) -> FlaskClient:
    """A client of an application that remembers; ``key=False`` leaves it without one for contacts."""
    key = settings.pop("key", True)
    return client(memory=a_memory(f"sqlite:///{folder}/bot.sqlite3", key=key), **settings)


def vote(to: FlaskClient, answer: dict[str, Any], verdict: object = "up", **fields: object) -> TestResponse:
    """The response to a vote on an answer."""
    token = {"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"]}
    return to.post("/api/v1/feedback", json={**token, "verdict": verdict, **fields})


def open_passage(to: FlaskClient, answer: dict[str, Any], place: object, **fields: object) -> TestResponse:
    """The response to a near passage that was opened."""
    token = {"turn_id": answer["turn_id"], "feedback_token": answer["feedback_token"]}
    return to.post("/api/v1/feedback", json={**token, "opened": place, **fields})


def hand_off(to: FlaskClient, answer: dict[str, Any], **fields: object) -> TestResponse:
    """The response to a wish for a person."""
    return to.post("/api/v1/handoff", json={"turn_id": answer["turn_id"], **fields})


def read(to: FlaskClient, answer: dict[str, Any]) -> TestResponse:
    return to.get(f"/api/v1/conversations/{answer['conversation_id']}")


def forget(to: FlaskClient, answer: dict[str, Any]) -> TestResponse:
    return to.delete(f"/api/v1/conversations/{answer['conversation_id']}")


def stored(folder: Path) -> bytes:
    """All that the files of the database hold."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name.startswith("bot.sqlite3"))
