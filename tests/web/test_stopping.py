"""A server that is told to stop answers whoever it has taken, and refuses the rest: real gunicorn, under load."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.real_postgres import free_port
from tests.structure.tree import TOP

CLIENTS = 24
PATIENCE_S = 300.0
APPLICATION = """
def app(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
REQUEST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n%s\r\n12345"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "tiny.py").write_text(APPLICATION, encoding="utf-8")
    port = free_port()
    words = ["-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4", "--keep-alive", "65"]
    kind = ["-k", "bot.web.worker.PatientWorker", "--no-control-socket", "tiny:app"]
    path = {**os.environ, "PYTHONPATH": f"{TOP}{os.pathsep}{tmp_path}"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "gunicorn", *words, *kind], env=path, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


class Clients:
    """Families that ask again and again, on connections that are kept or not; ``seen`` counts what they got."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seen: Counter[str] = Counter()
        self.enough = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait_for_answers(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.seen["answered"] < count and time.monotonic() < deadline:
            time.sleep(0.02)

    def go(self) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, keeps: bool) -> None:
        while not self.enough.is_set():
            try:
                sock = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
            except OSError:
                self.seen["refused"] += 1
                self.enough.wait(0.02)
                continue
            with closing(sock):
                self._ask_on(sock, keeps=keeps)

    def _ask_on(self, sock: socket.socket, *, keeps: bool) -> None:
        with closing(sock.makefile("rb")) as stream:
            while not self.enough.is_set():
                try:
                    sock.sendall(REQUEST % (b"" if keeps else b"Connection: close\r\n"))
                    head = list(iter(stream.readline, b"\r\n")) if stream.peek(1) else []
                    whole = bool(head) and stream.read(5) == b"12345"
                except OSError:
                    whole, head = False, []
                self.seen["answered" if whole else "lost"] += 1
                if not whole or any(b"close" in line.lower() for line in head):
                    return
                self.enough.wait(0.01)


def test_nobody_who_was_taken_is_lost_when_a_server_stops(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    clients = Clients(port)
    try:
        clients.wait_for_answers(10 * CLIENTS)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_S)
    finally:
        clients.go()

    assert clients.seen["answered"] >= 10 * CLIENTS
    assert clients.seen["refused"] > 0
    # Each client lost one before. Between the last look and the closed door one may still come.
    assert clients.seen["lost"] <= 1
