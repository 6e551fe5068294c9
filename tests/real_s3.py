"""An S3 server of a test's own, as a process on a port, and a line to it that can be cut or go silent.

The server is moto's, which `.ci/s3` leaves in an environment of its own; it speaks S3 over HTTP and keeps all in
memory.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.indexing.bucket import BUILDS, POINTER, Bucket
from bot.indexing.objects import Objects
from tests.real_postgres import free_port
from tests.structure.tree import TOP

_SERVER = TOP / ".venv-s3" / "bin" / "moto_server"
_START_S = 300.0


class Line:
    """Passes connections on to a port; when it is cut, those that are open break and new ones are refused."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.port = free_port()
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self.mend()

    def mend(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        assert self._listener is not None
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(2**16):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class RealS3:
    """The server behind its line. ``environment`` is what a deployment sets to reach it."""

    def __init__(self) -> None:
        assert _SERVER.is_file(), "There is no S3 server for the tests; run `make s3`."
        port = free_port()
        command = [str(_SERVER), "-H", "127.0.0.1", "-p", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._own = f"http://127.0.0.1:{port}"
        self._wait()
        self.line = Line(port)
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.line.port}",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_REGION": "us-east-1",
        }
        self.call("PUT", "builds")
        self.address = "s3://builds/of/ours"

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """What a request to the server itself brings, past the line."""
        with urllib.request.urlopen(urllib.request.Request(f"{self._own}/{path}", body, method=method)) as found:
            read: bytes = found.read()
            return read

    def pause(self) -> None:
        """It accepts connections, because the kernel does, and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.line.cut()
        self._process.send_signal(signal.SIGCONT)
        self._process.kill()
        self._process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.call("GET", "")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("The S3 server of the tests did not start.")


@contextmanager
def real_s3() -> Iterator[RealS3]:
    """A server with an empty bucket; its environment is this process's while it runs."""
    server = RealS3()
    before = {name: os.environ.get(name) for name in server.environment}
    os.environ.update(server.environment)
    try:
        yield server
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        server.stop()


def point_to_a_half(s3: RealS3, build: Path) -> None:
    """Leave a Build in the bucket as a copy that failed would, and a pointer to it."""
    # Pushed by way of a place that nobody follows, so that nobody takes it while it is still whole.
    aside, ours = Objects("s3://builds/aside"), Objects(s3.address)
    Bucket(aside.address).push(build, keep=3)
    pointer = aside.read(POINTER)
    for path in build.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            half = content[: len(content) // 2] if path.name == "passages.jsonl" else content
            ours.write(f"{BUILDS}/{build.name}/{path.relative_to(build).as_posix()}", half)
    assert pointer is not None
    ours.write(POINTER, pointer)
