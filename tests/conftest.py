"""What tests of several rooms share: real databases, a Build of the shipped corpus, and where a browser is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import URL, create_engine, text

from bot.settings import Settings
from bot.storage.database import migrate, normalised
from bot.triage.people import passwords
from tests.kept_builds import kept_build
from tests.longest_first import LongestFirst
from tests.real_postgres import made_server
from tests.structure.tree import TOP

SMALL = TOP / "tests" / "small_corpus"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


# A busy machine is no fault of what is tested. Examples are the same each time: `make fuzz` looks for new ones.
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LongestFirst(config))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed with the least work; test_passwords.py holds what a deployment works with."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody"))
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a real PostgreSQL: the one in DATABASE_URL, else one of this session's own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield normalised(given)
        return
    server = made_server()
    address = normalised(server.get_uri())
    # What the machine's own death would take is no matter here, and waiting for the disk is.
    said = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes", "autovacuum")]
    _told(address, *said, "SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(server.pgdata, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL) -> Iterator[str]:
    """The name of a database that has its tables, for others to be copied from."""
    with _postgres_database(postgres_server) as made:
        migrate(made.render_as_string(hide_password=False))
        yield str(made.database)


@pytest.fixture
def postgres_url(postgres_server: URL, postgres_template: str) -> Iterator[str]:
    """A database of this test's own on a real PostgreSQL, with its tables and nothing in them."""
    with _postgres_database(postgres_server, f"TEMPLATE {postgres_template}") as made:
        yield made.render_as_string(hide_password=False)


@pytest.fixture
def empty_postgres_url(postgres_server: URL) -> Iterator[str]:
    with _postgres_database(postgres_server) as made:
        yield made.render_as_string(hide_password=False)


@contextmanager
def _postgres_database(server: URL, made_from: str = "") -> Iterator[URL]:
    name = f"bot_test_{uuid4().hex}"
    _told(server, f"CREATE DATABASE {name} {made_from}")
    yield server.set(database=name)
    _told(server, f"DROP DATABASE {name} WITH (FORCE)")


def _told(server: URL, *statements: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of this test's own, for ``with_tables``: the test runs once with SQLite and once with PostgreSQL."""
    return _address(request, tmp_path, "postgres_url")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As ``database_url``, without tables, for tests of what makes them."""
    return _address(request, tmp_path, "empty_postgres_url")


def _address(request: pytest.FixtureRequest, folder: Path, postgres: str) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'var' / 'bot.sqlite3'}"
    url: str = request.getfixturevalue(postgres)
    return url


@pytest.fixture(scope="session")
def kept_builds(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Builds by the real model are kept from one run to the next, unless pytest was told to keep nothing."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    return tmp_path_factory.mktemp("builds") if cache is None else cache.mkdir("builds")


@pytest.fixture(scope="session")
def shipped(kept_builds: Path) -> Settings:
    """Settings whose index has a Build of the shipped corpus, by the real model. Not to be written to."""
    return replace(Settings(), index=kept_build(kept_builds, "shipped", TOP / "corpus"))


@pytest.fixture(scope="session")
def small(kept_builds: Path) -> Settings:
    """As ``shipped``, of two explainers: genes and sleep."""
    return replace(Settings(), index=kept_build(kept_builds, "small", SMALL))


@pytest.fixture(scope="module")
def encoded(small: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of this file's own to ingest into; the encoder of its Build, ``small``, is taken, not exported again."""
    folder: Path = shutil.copytree(small.index, tmp_path_factory.mktemp("encoded") / "indexes")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Where a Chromium is; ``None`` leaves it to Playwright to find the one it has downloaded."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
