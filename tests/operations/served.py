"""What the drills share: a server over a database, families that ask it, and conversations by their ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.storage.database import migrate, normalised
from tests.live_server import Server, running
from tests.real_postgres import RealPostgres

# Far longer than a busy machine needs.
PATIENCE_S = 200.0


@contextmanager
def serving(folder: Path, index: Path, url: str, **settings: str) -> Iterator[Server]:
    """A server with one worker over a database that has its tables."""
    folder.mkdir(exist_ok=True)
    migrate(url)
    with running(folder / "log", index=index, database_url=url, workers=1, **settings) as server:
        server.patience_s = PATIENCE_S
        yield server


def ask(server: Server, message: str = "gene", **more: str) -> str:
    """The id of the conversation in which a family asks."""
    status, body = server.call("/api/v1/chat", {"message": message, **more})
    assert status == 200, body
    return str(json.loads(body)["conversation_id"])


def is_kept(server: Server, conversation: str) -> bool:
    status, _ = server.call(f"/api/v1/conversations/{conversation}")
    assert status in {200, 404}
    return status == 200


def empty_database(postgres: RealPostgres, name: str) -> str:
    """The address of a new database beside the first."""
    admin = create_engine(normalised(postgres.url), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return postgres.url.rsplit("/", 1)[0] + f"/{name}"
