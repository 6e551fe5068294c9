"""Closing works at once on servers that run: real gunicorn workers, told by the command line through the database."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories import make_build
from tests.structure.tree import TOP

pytestmark = pytest.mark.slow

WORKERS = 3
# A server looks once a second; the rest is for a machine that is busy with other tests.
AT_ONCE_S = 20.0


class Server:
    """Gunicorn with several workers, and the command line of the same deployment."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "log"
        self._environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{folder}/var/bot.sqlite3", "BOT_INDEX": str(folder / "indexes"),
            "PORT": str(self.port), "WEB_CONCURRENCY": str(WORKERS),
        }  # fmt: skip
        with self.log.open("wb") as out:
            words = ["-m", "gunicorn", "-c", "gunicorn.conf.py", "bot.wsgi:app"]
            self.process = subprocess.Popen(
                [sys.executable, *words], cwd=TOP, env=self._environment, stdout=out, stderr=out
            )

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=TOP,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def call(self, path: str, body: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        data = None if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", "Connection": "close", **headers}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def chat(self, **headers: str) -> int:
        return self.call("/api/v1/chat", {"message": "gene"}, **headers)[0]

    def becomes(self, status: int, **headers: str) -> bool:
        """Whether every worker answers with a status soon: as many calls in a row as would hardly miss one."""
        deadline, row = time.monotonic() + AT_ONCE_S, 0
        while row < 8 * WORKERS and time.monotonic() < deadline:
            row = row + 1 if self.chat(**headers) == status else 0
        return row >= 8 * WORKERS


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    make_build(tmp_path / "indexes")
    running = Server(tmp_path)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if running.call("/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield running
    finally:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(30)
        shutil.rmtree(tmp_path, ignore_errors=True)


def test_all_workers_close_and_open_and_switch_one_site_off_without_a_restart(server: Server) -> None:
    made: dict[str, Any] = json.loads(server.run("site", "add", "--name", "Partner", "--json"))
    key = {"Authorization": f"Bearer {made['key']}"}
    assert server.becomes(200, **key)
    server.run("close")
    assert server.becomes(503)
    assert server.becomes(503, **key)
    problem = json.loads(server.call("/api/v1/chat", {"message": "my secret question"})[1])
    assert problem["code"] == "closed"
    assert problem["notices"][0]["actions"]
    assert server.call("/readyz")[0] == 200
    server.run("open")
    assert server.becomes(200)
    server.run("site", "disable", made["id"])
    assert server.becomes(503, **key)
    assert server.chat() == 200
    server.run("site", "enable", made["id"])
    assert server.becomes(200, **key)
    log = server.log.read_text(encoding="utf-8")
    assert made["key"] not in log
    assert "secret question" not in log


def test_a_token_of_one_worker_is_read_by_all(server: Server) -> None:
    made = json.loads(server.run("site", "add", "--name", "Partner", "--json"))
    deadline, page = time.monotonic() + AT_ONCE_S, ""
    while "token=" not in page and time.monotonic() < deadline:
        page = server.call(f"/embed?site={made['id']}")[1]
    token = page.split('token="')[1].split('"')[0]
    assert [server.chat(**{"X-Chat-Token": token}) for _ in range(8 * WORKERS)] == [200] * 8 * WORKERS
