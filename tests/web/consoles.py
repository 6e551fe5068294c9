"""People of the console in a real browser, on a service that runs as in production."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from bot.storage.database import normalised
from tests.live_server import Server

from .identity import CLIENT, SECRET, Identity

PASSWORD = "seven calm herons"
# Each browser is of another network, as limits know them.
_NETWORKS = count(1)


@dataclass
class People:
    """Opens pages for families and staff, each with cookies of their own."""

    server: Server
    browser: Browser
    stack: ExitStack
    faults: list[str] = field(default_factory=list)

    def staff(self, name: str, role: str = "agent", **screen: Any) -> Page:
        """A new account that has signed in and chosen its password; its page shows the queue."""
        made = json.loads(self.server.run("staff", "add", name, "--role", role, "--json"))
        page = self.page(**screen)
        page.goto("/staff/")
        sign_in(page, name, made["password"])
        page.get_by_label("Current password").fill(made["password"])
        page.get_by_label("New password 12").fill(PASSWORD)
        page.get_by_label("New password again").fill(PASSWORD)
        page.get_by_role("button", name="Change password").click()
        page.goto("/staff/")
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        return page

    def family(self) -> Page:
        """A page with the chat."""
        page = self.page()
        page.goto("/ask")
        return page

    def asks(self, *messages: str) -> None:
        """A family asks in one conversation, without a screen."""
        said: dict[str, str] = {}
        for message in messages:
            before = {"conversation_id": said["conversation_id"]} if said else {}
            status, text = self.server.call("/api/v1/chat", {"message": message, **before}, **self._network())
            assert status == 200, text
            said = json.loads(text)

    def page(self, **screen: Any) -> Page:
        """A page of a browser of its own, in a network of its own; nobody is signed in."""
        settings = {"reduced_motion": "reduce", "extra_http_headers": self._network(), **screen}
        context = self.browser.new_context(base_url=self.server.address, **settings)
        self.stack.callback(context.close)
        # What would change is looked up for hundreds of questions: a second, or many where every core is busy.
        context.set_default_timeout(120_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def _network(self) -> dict[str, str]:
        number = next(_NETWORKS)
        return {"X-Forwarded-For": f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"}


def sign_in(page: Page, name: str, password: str = PASSWORD, code: str = "") -> None:
    """What somebody types at the door."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Code from your app").fill(code)
    page.get_by_role("button", name="Sign in").click()


@contextmanager
def database_of(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """An empty database of the kind that a fixture's parameter names, for as long as the block."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/bot.sqlite3"
        return
    server = normalised(request.getfixturevalue("postgres_server"))
    name = f"bot_live_{uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def settings_of_console(receiver_port: int, identity: Identity) -> dict[str, str]:
    """Settings with which all of the console can be tried; its mail goes nowhere."""
    return {
        "BOT_TRUSTED_HOSTS": f"127.0.0.1:{receiver_port}", "BOT_TRUSTED_PROXIES": "1",
        "BOT_CONTACT_KEY": Fernet.generate_key().decode(), "BOT_PUBLIC_URL": "ADDRESS",
        "BOT_SMTP_URL": "smtp://127.0.0.1:9", "BOT_MAIL_FROM": "staff@example.org",
        "BOT_OIDC_ISSUER": identity.issuer, "BOT_OIDC_CLIENT_ID": CLIENT, "BOT_OIDC_CLIENT_SECRET": SECRET,
        "BOT_OIDC_ROLES": "admin=rare-admins,editor=rare-editors,agent=rare-agents",
    }  # fmt: skip
