"""Connections that hardly say anything cost a worker no thread: real gunicorn, real sockets, one worker."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from bench.slow_clients import BODY, FIRST_WORDS, HEAD, holding, still_open
from tests.factories import make_build
from tests.live_server import Server, running

pytestmark = pytest.mark.slow

# Many times the threads of the worker.
CLIENTS = 40
PATIENCE_S = 300
SCHEMA = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    make_build(folder / "indexes")
    database = f"sqlite:///{folder}/bot.sqlite3"
    with running(folder / "log", index=folder / "indexes", database_url=database, workers=1, **settings) as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("slow")) as found:
        yield found


def address(server: Server) -> tuple[str, int]:
    return "127.0.0.1", server.port


def connected(server: Server) -> socket.socket:
    return socket.create_connection(address(server), timeout=PATIENCE_S)


def ask(server: Server) -> bytes:
    """The status line of an answer to a family that is quick."""
    with connected(server) as sock:
        sock.sendall(HEAD + BODY)
        return sock.recv(15)


def answers(sock: socket.socket, count: int) -> list[tuple[bytes, bytes]]:
    """The status lines and the bodies of so many answers on one connection."""
    with closing(sock.makefile("rb")) as stream:
        return [answer(stream) for _ in range(count)]


def answer(stream: object) -> tuple[bytes, bytes]:
    status, length = stream.readline().strip(), 0  # type: ignore[attr-defined]
    while line := stream.readline().strip():  # type: ignore[attr-defined]
        name, _, value = line.lower().partition(b": ")
        length = int(value) if name == b"content-length" else length
    return status, stream.read(length)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", FIRST_WORDS)
def test_a_family_is_answered_while_many_others_hold_their_connections(server: Server, kind: str) -> None:
    with holding(kind, address(server), CLIENTS) as held:
        assert ask(server) == b"HTTP/1.1 200 OK"
        if kind in {"idle", "half a head", "half a body", "half a chunk", "dripping"}:
            assert all(map(still_open, held)), "the answer came only after the slow clients had been cut off"


def test_who_does_not_finish_a_request_is_told_so_and_cut_off(server: Server) -> None:
    with ExitStack() as stack:
        # Side by side, since each takes as long as the limit.
        for kind in ("half a head", "half a body", "dripping"):
            [slow] = stack.enter_context(holding(kind, address(server), 1))
            stack.callback(is_told_and_cut_off, slow)


def is_told_and_cut_off(slow: socket.socket) -> None:
    slow.settimeout(PATIENCE_S)
    assert answers(slow, 1) == [(b"HTTP/1.1 408 Request Timeout", b"")]
    assert slow.recv(1) == b""


def test_a_slow_reader_gets_every_byte_of_every_answer_in_order(server: Server) -> None:
    with connected(server) as quick:
        quick.sendall(SCHEMA)
        [(status, schema)] = answers(quick, 1)
    assert json.loads(schema)
    # More than the system keeps for a connection, asked for in one go and read only then.
    count = 12 * 2**20 // len(schema)
    with connected(server) as slow:
        slow.sendall(SCHEMA * count)
        assert ask(server) == b"HTTP/1.1 200 OK"
        assert answers(slow, count) == [(status, schema)] * count


def test_a_body_in_chunks_and_one_that_waits_to_be_asked_for_are_answered_on_one_connection(server: Server) -> None:
    chunked = FIRST_WORDS["half a chunk"].rpartition(b"\r\n")[0].rpartition(b"\r\n")[0]
    with connected(server) as sock:
        for byte in chunked + b"\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY):
            sock.send(bytes([byte]))
        assert answers(sock, 1)[0][0] == b"HTTP/1.1 200 OK"
        sock.sendall(HEAD.replace(b"Host", b"Expect: 100-continue\r\nHost"))
        assert answers(sock, 1) == [(b"HTTP/1.1 100 Continue", b"")]
        sock.sendall(BODY)
        # gunicorn says so once more when it begins.
        assert [status for status, _ in answers(sock, 2)] == [b"HTTP/1.1 100 Continue", b"HTTP/1.1 200 OK"]


def test_what_is_left_of_a_body_that_was_refused_is_not_the_next_request(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(FIRST_WORDS["too large"] + SCHEMA)
        assert answers(sock, 1)[0][0].startswith(b"HTTP/1.1 413 ")
        assert sock.recv(1) == b""


def test_a_head_without_an_end_is_refused(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 12_000)
        assert answers(sock, 1)[0][0] == b"HTTP/1.1 431 Request Header Fields Too Large"


def test_when_there_are_as_many_connections_as_there_may_be_the_silent_ones_make_room(tmp_path: Path) -> None:
    with serving(tmp_path, GUNICORN_CMD_ARGS="--worker-connections 20") as small, ExitStack() as stack:
        family = stack.enter_context(connected(small))
        family.sendall(HEAD + BODY)
        first = answers(family, 1)
        held = stack.enter_context(holding("half a head", address(small), CLIENTS))
        assert ask(small) == b"HTTP/1.1 200 OK"
        assert not all(map(still_open, held))
        # Who was answered before keeps its connection.
        family.sendall(HEAD + BODY)
        assert [status for status, _ in first + answers(family, 1)] == [b"HTTP/1.1 200 OK"] * 2


def test_a_worker_that_is_told_to_stop_does_not_wait_for_slow_clients(tmp_path: Path) -> None:
    with ExitStack() as stack:
        with serving(tmp_path) as stopping:
            for kind in ("idle", "half a body", "dripping", "not reading"):
                stack.enter_context(holding(kind, address(stopping), CLIENTS))
            assert ask(stopping) == b"HTTP/1.1 200 OK"
        assert stopping.process.returncode == 0
        assert "Traceback" not in stopping.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\n{}XX\r\n0\r\n\r\n",
        b"POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'2;bad ext="\r\n{}\r\n0\r\n\r\n',
    ],
)
def test_what_is_no_request_of_http_is_a_400(server: Server, sent: bytes) -> None:
    with connected(server) as sock:
        sock.sendall(sent)
        assert sock.recv(12) == b"HTTP/1.1 400"
