"""While the database is away the console says so, and fails in no other way."""

from __future__ import annotations

import pytest

from tests.real_postgres import real_postgres

from .desks import a_console


@pytest.mark.slow
def test_a_console_whose_database_went_away_says_so_to_who_was_signed_in() -> None:
    with real_postgres() as postgres:
        here = a_console(postgres.url)
        browser = here.client("amir")
        assert browser.get("/staff/").status_code == 200
        postgres.stop()
        for path in ("/staff/", "/staff/account", "/staff/overview"):
            response = browser.get(path)
            assert response.status_code == 503
            assert "The database does not answer" in response.text
        here.database.close()
