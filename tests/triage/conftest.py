"""A desk on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.storage.connections import Database
from tests.databases import with_tables

from .queues import Desk, a_desk
from .receivers import Receiver, Telling, receiving


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = with_tables(database_url)
    yield made
    made.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return a_desk(database)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def telling(desk: Desk, receiver: Receiver) -> Telling:
    return Telling(desk.database, receiver, desk.person())
