"""The inventory of keys has every setting that is a secret, and its commands make keys that the program takes."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import Settings
from tests.operations.pages import OPERATIONS, block_with, run
from tests.operations.served import serving
from tests.structure.tables import rows_of

PAGE = OPERATIONS / "keys.md"
SAYS_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|://\w*:?USER|Fernet|secret|redis://|SQLAlchemy URL", re.IGNORECASE)
# Told apart here, since their words sound like it.
NO_SECRET = {"BOT_SECOND_FACTOR_REQUIRED", "BOT_OIDC_ISSUER", "BOT_OIDC_CLIENT_ID"}


def test_every_setting_that_is_a_secret_is_in_the_inventory() -> None:
    told = {row["secret"].strip("`") for row in rows_of(PAGE.read_text(encoding="utf-8"))}
    described = {each.metadata["name"]: each.metadata["help"] for each in fields(Settings)}
    secret = {name for name, help_text in described.items() if SAYS_SECRET.search(f"{name} {help_text}")} - NO_SECRET
    assert secret - told == set(), "tell it in docs/operations/keys.md, or say in this test that it is none"
    assert {name for name in told if name.startswith("BOT_")} - described.keys() == set()


def test_the_keys_that_are_made_are_keys(tmp_path: Path) -> None:
    secret, contact = run(block_with("keys", "secrets"), tmp_path, {}).split()
    assert len(secret) >= 32
    assert Fernet(contact.encode()).decrypt(Fernet(contact.encode()).encrypt(b"x")) == b"x"


@pytest.mark.slow
def test_after_a_new_secret_everything_is_sealed_with_it(index: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite3'}"
    old, new = (run(block_with("keys", "secrets"), tmp_path, {}).split()[0] for _ in range(2))
    with serving(tmp_path / "old", index, url, BOT_SECRET_KEY=old) as server:
        server.run("staff", "add", "boss", "--role", "admin")
    settings = {"DATABASE_URL": url, "BOT_SECRET_KEY": f"{new},{old}"}
    assert json.loads(run(block_with("keys", "reseal"), tmp_path, settings))["lost"] == 0
    with serving(tmp_path / "new", index, url, BOT_SECRET_KEY=new) as server:
        assert server.call("/readyz")[0] == 200
