"""Counting never stops an answer: real gunicorn, and everything that a machine can do to files and folders."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories import make_build
from tests.live_server import Server, running

pytestmark = pytest.mark.slow

WORKERS = 2
PATIENCE_S = 240
TOKEN = "t" * 32


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    make_build(folder / "indexes")
    given = {"database_url": f"sqlite:///{folder}/bot.sqlite3", "BOT_METRICS_TOKEN": TOKEN, **settings}
    with running(folder / "log", index=folder / "indexes", workers=WORKERS, **given) as found:
        yield found


def answered(server: Server) -> float:
    """How many chats were answered, as one worker tells it."""
    status, text = server.call("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    found = re.findall(r'^explainer_requests_total\{code="200",endpoint="public.chat"\} (\S+)$', text, re.MULTILINE)
    return sum(map(float, found))


def chat(server: Server, times: int) -> list[int]:
    return [server.call("/api/v1/chat", {"message": "gene"})[0] for _ in range(times)]


def workers_of(server: Server) -> set[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True)
    return set(map(int, listed.stdout.split()))


def wait_for_another(server: Server, before: set[int]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and (len(workers_of(server)) < WORKERS or workers_of(server) == before):
        time.sleep(0.1)
    server.wait()


def test_workers_count_together_and_nothing_is_lost_with_one_that_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert chat(server, 8) == [200] * 8
        assert {answered(server) for _ in range(8)} == {8.0}
        before = workers_of(server)
        os.kill(min(before), signal.SIGKILL)
        wait_for_another(server, before)
        assert chat(server, 8) == [200] * 8
        assert {answered(server) for _ in range(8)} == {16.0}


def test_a_folder_for_numbers_that_is_removed_or_never_was_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    with serving(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(folder)) as server:
        assert chat(server, 2) == [200] * 2
        assert list(folder.iterdir()) == []
        shutil.rmtree(folder)
        before = workers_of(server)
        os.kill(min(before), signal.SIGKILL)
        wait_for_another(server, before)
        assert chat(server, 8) == [200] * 8
        assert answered(server) == 10.0


def test_numbers_are_in_no_file_that_a_full_disk_could_take_from_under_a_worker(tmp_path: Path) -> None:
    """A mapped file whose disk is full kills who writes to it; memory without a file cannot be full in that way."""
    with serving(tmp_path) as server:
        chat(server, 2)
        for worker in workers_of(server):
            maps = Path(f"/proc/{worker}/maps").read_text(encoding="utf-8").splitlines()
            shared = [line.split()[-1] for line in maps if " rw-s " in line]
            # SQLite's own shared memory is beside the database.
            assert [name for name in shared if name.endswith(".db")] == []


def test_nobody_sees_the_numbers_unless_somebody_was_given_a_token(tmp_path: Path) -> None:
    with serving(tmp_path, BOT_METRICS_TOKEN="") as server:
        assert server.call("/metrics", Authorization="Bearer ")[0] == 404
        assert server.call("/metrics")[0] == 404
