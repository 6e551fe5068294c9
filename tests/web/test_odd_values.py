"""NUL bytes and numbers that nobody counts to are mistakes of whoever sends them, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.errors import NotStorable
from bot.storage.audit import AuditLog
from tests.databases import with_tables

from .desks import Console, a_console

FAR = "99999999999999999999"


@pytest.fixture
def here(database_url: str) -> Iterator[Console]:
    made = a_console(database_url)
    yield made
    made.database.close()


def test_a_nul_byte_in_an_address_or_a_form_is_refused(here: Console) -> None:
    family, amir = here.app.test_client(), here.client("amir", "admin")
    for path in (
        "/?lang=%00",
        "/explainers/a%00b",
        "/themes/a%00.css",
        "/api/v1/conversations/%00",
        "/api/v1/search?q=%00",
        "/embed?site=a%00",
        "/ask?%00=1",
    ):
        assert 400 <= family.get(path).status_code < 500, path
    for path in ("/staff/?words=a%00b", "/staff/?label=%00", "/staff/?site=%00", "/staff/audit?account=%00"):
        assert 400 <= amir.get(path).status_code < 500, path
    assert 400 <= family.post("/ask", data={"message": "a\0b"}).status_code < 500
    assert 400 <= family.post("/staff/sign-in", data={"name": "a\0b", "password": "x"}).status_code < 500


def test_a_nul_byte_in_json_is_no_fault_of_ours(here: Console) -> None:
    family = here.app.test_client()
    for fields in ({"site": "a\0b"}, {"lang": "\0"}, {"conversation_id": "\0" * 22}, {"turn_key": "\0" * 22}, {}):
        sent = {"message": "What\0 is a digital twin?", **fields}
        assert family.post("/api/v1/chat", json=sent).status_code < 500, fields
    assert family.post("/api/v1/comeback", json={"code": "\0" * 12}).status_code < 500


@pytest.mark.parametrize(
    "path",
    [f"/staff/?page={FAR}", "/staff/?page=-1", "/staff/?page=0", "/staff/?page=1e9", f"/staff/?page={'9' * 5000}",
     f"/staff/?older_h={FAR}", f"/staff/audit?before={FAR}", f"/staff/audit?before=-{FAR}",
     f"/staff/safety?start={FAR}",
     f"/staff/overview?weeks={FAR}", "/staff/audit?since=9999-99-99", "/staff/audit?until=9999-12-31",
     "/staff/?page=９"],
)  # fmt: skip
def test_a_number_that_nobody_counts_to_is_no_fault_of_ours(here: Console, path: str) -> None:
    assert here.client("amir", "admin").get(path).status_code < 500


def test_a_value_that_the_database_cannot_keep_is_not_a_database_that_does_not_answer(postgres_url: str) -> None:
    database = with_tables(postgres_url)
    try:
        with pytest.raises(NotStorable):
            AuditLog(database).add("a\0b", "tests")
        AuditLog(database).add("ada", "tests")
    finally:
        database.close()
