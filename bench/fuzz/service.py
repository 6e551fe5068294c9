"""The application in this process, with an index and a database of its own, for parts that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from flask import Flask

from bot import wiring
from bot.settings import Settings
from bot.storage.database import migrate
from tests.factories import make_build


@contextmanager
def application(index: Path | None) -> Iterator[Flask]:
    """Yield an application that answers.

    :param index: where its Build is; a tiny one is made if there is none
    :returns: an application without limits of questions, so that each one is looked at
    """
    with TemporaryDirectory(prefix="fuzz-", ignore_cleanup_errors=True) as scratch:
        if index is None:
            index = Path(scratch) / "index"
            make_build(index)
        url = f"sqlite:///{scratch}/bot.sqlite3"
        migrate(url)
        yield wiring.build_app(
            replace(
                Settings(), index=index, database_url=url, client_per_minute=0, site_per_minute=0,
                contact_key=Fernet.generate_key().decode(),
            )
        )  # fmt: skip
