"""What cannot be stored is counted, and what a partner has set is not taken for unknown when it could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.errors import MemoryUnavailable
from bot.sites.live import LiveSites
from bot.sites.store import SiteStore, Snapshot
from bot.storage.connections import Database
from bot.storage.remembering import Memory

from .factories import chat, client

NOT_STORED = "explainer_turns_not_stored_total"


def count_of(here: FlaskClient) -> float:
    return float(
        next(line.split()[1] for line in here.get("/metrics").text.splitlines() if line.startswith(NOT_STORED))
    )


def test_turns_that_could_not_be_stored_are_counted_from_the_first(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bot.sqlite3")
    here = client(memory=Memory(database, redact=str))
    assert count_of(here) == 0
    assert [chat(here).status_code for _ in range(3)] == [200] * 3
    assert count_of(here) == 3
    database.migrate()
    chat(here)
    assert count_of(here) == 3


class Away(SiteStore):
    """Sites that cannot be read."""

    def snapshot(self) -> Snapshot:
        raise MemoryUnavailable("OperationalError")


@pytest.fixture
def here(tmp_path: Path) -> FlaskClient:
    return client(sites=LiveSites(Away(Database(f"sqlite:///{tmp_path}/bot.sqlite3"))), country="GB")


def test_a_call_for_a_partners_site_that_could_not_be_read_says_whom_to_call(here: FlaskClient) -> None:
    for response in (
        chat(here, site="site_partner"),
        here.post("/api/v1/chat", json={"message": "gene"}, headers={"Authorization": "Bearer key_unknown"}),
    ):
        assert (response.status_code, response.json["code"]) == (503, "sites_unavailable")
        assert response.json["notices"][0]["actions"][0]["href"] == "tel:999"
    assert chat(here).status_code == 200


def test_a_page_of_a_partners_site_that_could_not_be_read_says_whom_to_call(here: FlaskClient) -> None:
    response = here.get("/ask?site=site_partner")
    assert response.status_code == 503
    assert "tel:999" in response.text
    assert here.get("/ask").status_code == 200
