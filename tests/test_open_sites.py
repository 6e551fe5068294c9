"""What the settings say of sites, secrets and limits is what is served."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bot.settings import Settings
from bot.sites.store import SiteStore
from bot.wiring import build_app, open_database, tags_in_build
from tests.factories import make_build, source
from tests.patience import PATIENCE_S
from tests.sites.partners import Partner, add_partner


def settings_in(folder: Path, **given: Any) -> Settings:
    return Settings(**{"index": folder / "indexes", "database_url": f"sqlite:///{folder}/var/bot.sqlite3", **given})


def served(folder: Path, **given: Any) -> FlaskClient:
    if not (folder / "indexes").exists():
        make_build(folder / "indexes", [source("genes", tags=("Genetics",)), source("hearts", "The heart is a pump.")])
    return build_app(settings_in(folder, **given)).test_client()


def a_partner(folder: Path, **fields: object) -> Partner:
    return add_partner(SiteStore(open_database(settings_in(folder))), **fields)


def ask(here: FlaskClient, **headers: str) -> int:
    return here.post("/api/v1/chat", json={"message": "gene"}, headers=headers).status_code


def token_of(here: FlaskClient, partner: Partner) -> str:
    return here.get(f"/embed?site={partner.id}").text.split('token="')[1].split('"')[0]


def test_without_any_setting_servers_of_one_database_read_each_others_tokens(tmp_path: Path) -> None:
    one, other = served(tmp_path), served(tmp_path)
    partner = a_partner(tmp_path)
    assert ask(other, **{"X-Chat-Token": token_of(one, partner)}) == 200


def test_only_servers_with_the_same_secret_read_each_others_tokens(tmp_path: Path) -> None:
    here, there = served(tmp_path, secret_key="s" * 40), served(tmp_path, secret_key="s" * 40)
    stranger = served(tmp_path, secret_key="t" * 40)
    token = {"X-Chat-Token": token_of(here, a_partner(tmp_path))}
    assert (ask(there, **token), ask(stranger, **token)) == (200, 401)


def test_a_partner_that_is_added_while_the_server_runs_is_there_when_it_looks_again(tmp_path: Path) -> None:
    here = served(tmp_path)
    assert ask(here) == 200
    partner = a_partner(tmp_path, tags=("genetics",))
    key = {"Authorization": f"Bearer {partner.key}"}
    deadline = time.monotonic() + PATIENCE_S
    while ask(here, **key) != 200 and time.monotonic() < deadline:
        time.sleep(0.05)
    found = here.get("/api/v1/search?q=heart", headers=key).json["hits"]
    assert {hit["source_id"] for hit in found} == {"genes"}


def test_the_settings_close_and_limit_our_own_site(tmp_path: Path) -> None:
    assert ask(served(tmp_path, closed=True)) == 503
    limited = served(tmp_path, client_per_minute=2)
    assert [ask(limited) for _ in range(3)] == [200, 200, 429]


def test_the_tags_of_a_build_are_known_without_opening_it(tmp_path: Path) -> None:
    assert tags_in_build(settings_in(tmp_path)) is None
    served(tmp_path)
    assert tags_in_build(settings_in(tmp_path)) == {"genetics"}
