"""What tests of several rooms share: real databases, a Build of the shipped corpus, and where a browser is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from filelock import FileLock
from sqlalchemy import create_engine, text

from bot import wiring
from bot.conversing.database import normalised
from bot.settings import Settings

CORPUS = Path(__file__).parents[1] / "corpus"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: the one in DATABASE_URL, else one of this session's own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    import pgserver

    # Not in pytest's own folder: as root, PostgreSQL runs as another user, and each pytest that starts shuts others out
    # of that one. Short, because the server's socket lives there and its address may be no longer than 107 bytes.
    folder = tempfile.mkdtemp(prefix="bot-pg-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this test's own on a real PostgreSQL."""
    name = f"bot_test_{uuid4().hex}"
    admin = create_engine(normalised(postgres_server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield normalised(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: the test runs once with SQLite and once with PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'bot.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings whose index has a Build of the shipped corpus, by the real model. Not to be written to.

    Test processes that run beside each other share it: the first one makes it.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shipped"
    settings = replace(Settings(), index=folder)
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            wiring.ingest(settings, [CORPUS], lambda step, done, total: None)
    return settings


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Where a Chromium is; ``None`` leaves it to Playwright to find the one it has downloaded."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
