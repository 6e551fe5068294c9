"""Applications with partners' sites in a real SQLite file, and requests of their frames and servers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.sites.store import SiteStore
from tests.sites.partners import Partner, a_store, add_partner, live

from .factories import client
from .memories import a_memory

ORIGIN = "https://partner.example"


class Partnership:
    """An application with a store of sites beside it; ``here`` is a client of it."""

    def __init__(self, folder: Path, *, closed: bool = False, **settings: Any) -> None:
        url = f"sqlite:///{folder}/bot.sqlite3"
        self.store: SiteStore = a_store(url)
        self.here: FlaskClient = client(memory=a_memory(url), sites=live(self.store, closed=closed), **settings)

    def partner(self, **fields: Any) -> Partner:
        return add_partner(self.store, **{"origins": (ORIGIN,), **fields})

    def frame(self, partner: Partner, **extra: str) -> TestResponse:
        return self.here.get("/embed", query_string={"site": partner.id, **extra})

    def token(self, partner: Partner) -> str:
        """The token that the page of a frame carries."""
        return token_in(self.frame(partner))

    def ask(self, message: str = "What is a digital twin?", *, token: str | None = None, key: str | None = None,
            **fields: object) -> TestResponse:  # fmt: skip
        body = {"message": message, **fields}
        return self.here.post("/api/v1/chat", json=body, headers=credentials(token=token, key=key))


def token_in(page: TestResponse) -> str:
    (found,) = re.findall(r'<explainer-chat [^>]*token="([^"]+)"', page.text)
    return str(found)


def credentials(*, token: str | None = None, key: str | None = None) -> dict[str, str]:
    given = {"X-Chat-Token": token, "Authorization": f"Bearer {key}" if key else None}
    return {name: value for name, value in given.items() if value}
