"""Whoever tries names at the console by the hundred keeps no family from an answer, on a real gunicorn."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.storage.audit import AuditLog, Wanted
from bot.storage.connections import Database
from tests.patience import PATIENCE_S
from tests.structure.tree import TOP

from .desks import PASSWORD, TOKEN
from .hosting import free_port, wait_for

CHATS = 15
_NETWORKS = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("signable")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    found = free_port()
    environment = {**os.environ, "SIGNABLE_FOLDER": str(folder), "PORT": str(found), "WEB_CONCURRENCY": "1"}
    environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.web.signable:app()"]
    with subprocess.Popen(command, cwd=TOP, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://127.0.0.1:{found}/healthz", patience_s=PATIENCE_S)
            yield found
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def call(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
    """The status, the text and the cookie of an answer, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
        return response.status, response.read().decode(), cookie
    finally:
        connection.close()


class Visitor:
    """Somebody with a page of the console before them, of a network of their own or of the one that is named."""

    def __init__(self, port: int, network: str | None = None) -> None:
        self.port = port
        self.network = network or f"10.{next(_NETWORKS) // 250}.{next(_NETWORKS) % 250}.1"
        _, page, self.cookie = call(port, "GET", "/staff/sign-in", X_Forwarded_For=self.network)
        found = TOKEN.search(page)
        assert found is not None
        self.token = found[1]

    def sign_in(self, name: str, password: str = "wrong password", network: str | None = None) -> int:
        form = urlencode({"csrf_token": self.token, "name": name, "password": password, "code": "", "next": ""})
        headers = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        return call(self.port, "POST", "/staff/sign-in", form, **headers, X_Forwarded_For=network or self.network)[0]


def chat_times(port: int) -> list[float]:
    body, times = json.dumps({"message": "What is a digital twin?"}), []
    for _ in range(CHATS):
        began = time.perf_counter()
        status, _, _ = call(port, "POST", "/api/v1/chat", body, Content_Type="application/json")
        times.append(time.perf_counter() - began)
        assert status == 200
    return times


@contextmanager
def flooding(clients: int, network_of: Callable[[int], str], port: int) -> Iterator[Counter[int]]:
    """Clients that try random names one after another, until the test has seen enough."""
    ended, told, numbers = threading.Event(), Counter[int](), count()

    def guess() -> None:
        visitor = Visitor(port)
        while not ended.is_set():
            number = next(numbers)
            told[visitor.sign_in(f"name{number}", network=network_of(number))] += 1

    threads = [threading.Thread(target=guess) for _ in range(clients)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE_S
    while sum(told.values()) < clients and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield told
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def another_network(number: int) -> str:
    return f"198.18.{number // 250 % 250}.{number % 250}"


def test_chats_go_on_and_staff_get_in_while_many_networks_try_names(port: int) -> None:
    calm = statistics.median(chat_times(port))
    with flooding(16, another_network, port) as told:
        pressed = statistics.median(chat_times(port))
        until, amir = time.monotonic() + PATIENCE_S, Visitor(port)
        while (status := amir.sign_in("amir", PASSWORD, network=f"10.9.9.{next(_NETWORKS)}")) == 429:
            assert time.monotonic() < until
    assert status == 303
    assert set(told) == {401, 429}
    # Without a limit to hashing, 8 clients made it a hundred times as long, and 64 a thousand times.
    assert pressed < 40 * calm


def test_from_one_network_ten_tries_a_minute_are_looked_at_and_refusals_are_counted(port: int, folder: Path) -> None:
    visitor = Visitor(port, "2001:db8:7::1")
    statuses = [visitor.sign_in(f"number{n}", network=f"2001:db8:7:{n:x}::1") for n in range(60)]
    # The minute may end between two of them.
    assert Counter(statuses)[401] <= 20
    assert statuses[10] == 429 or 429 in statuses[20:]
    log = AuditLog(Database(f"sqlite:///{folder}/bot.sqlite3"))
    entries = log.entries(Wanted(action="session.refuse"))
    assert len(entries) < 20
    assert "too many from one network" in {entry.detail for entry in entries}
