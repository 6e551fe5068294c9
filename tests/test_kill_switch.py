"""Closing works at once on servers that run: real gunicorn workers, told by the command line through the database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories import make_build
from tests.live_server import AT_ONCE_S, Server, running

pytestmark = pytest.mark.slow

WORKERS = 3


def chat(server: Server, **headers: str) -> int:
    return server.call("/api/v1/chat", {"message": "gene"}, **headers)[0]


def becomes(server: Server, status: int, **headers: str) -> bool:
    """Whether every worker answers with a status soon: as many calls in a row as would hardly miss one."""
    deadline, row = time.monotonic() + AT_ONCE_S, 0
    while row < 8 * WORKERS and time.monotonic() < deadline:
        row = row + 1 if chat(server, **headers) == status else 0
    return row >= 8 * WORKERS


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    make_build(tmp_path / "indexes")
    database = f"sqlite:///{tmp_path}/var/bot.sqlite3"
    with running(tmp_path / "log", index=tmp_path / "indexes", database_url=database, workers=WORKERS) as found:
        yield found


def test_all_workers_close_and_open_and_switch_one_site_off_without_a_restart(server: Server) -> None:
    made: dict[str, Any] = json.loads(server.run("site", "add", "--name", "Partner", "--json"))
    key = {"Authorization": f"Bearer {made['key']}"}
    assert becomes(server, 200, **key)
    server.run("close")
    assert becomes(server, 503)
    assert becomes(server, 503, **key)
    problem = json.loads(server.call("/api/v1/chat", {"message": "my secret question"})[1])
    assert problem["code"] == "closed"
    assert problem["notices"][0]["actions"]
    assert server.call("/readyz")[0] == 200
    server.run("open")
    assert becomes(server, 200)
    server.run("site", "disable", made["id"])
    assert becomes(server, 503, **key)
    assert chat(server) == 200
    server.run("site", "enable", made["id"])
    assert becomes(server, 200, **key)
    log = server.log.read_text(encoding="utf-8")
    assert made["key"] not in log
    assert "secret question" not in log


def test_a_token_of_one_worker_is_read_by_all(server: Server) -> None:
    made = json.loads(server.run("site", "add", "--name", "Partner", "--json"))
    deadline, page = time.monotonic() + AT_ONCE_S, ""
    while "token=" not in page and time.monotonic() < deadline:
        page = server.call(f"/embed?site={made['id']}")[1]
    token = page.split('token="')[1].split('"')[0]
    assert [chat(server, **{"X-Chat-Token": token}) for _ in range(8 * WORKERS)] == [200] * 8 * WORKERS
