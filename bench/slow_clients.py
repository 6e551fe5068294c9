"""Clients that hold a connection and hardly use it, as phones without a signal, browsers and attackers do."""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

Address = tuple[str, int]
Open = Callable[[Address], socket.socket]
BODY = json.dumps({"message": "what is gene therapy"}).encode()
HEAD = (
    b"POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: " + str(len(BODY)).encode() + b"\r\n\r\n"
)
PAGE = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
# What each kind sends before it falls silent. `reading` asks for many pages and takes none.
FIRST_WORDS = {
    "idle": b"",
    "half a head": HEAD[:40],
    "half a body": HEAD + BODY[:10],
    "half a chunk": HEAD.replace(b"Content-Length: " + str(len(BODY)).encode(), b"Transfer-Encoding: chunked")
    + b"24\r\n{",
    "dripping": b"",
    "not reading": PAGE * 400,
    "not closing": b"GET /healthz HTTP/1.0\r\n\r\n",
    "too large": HEAD.replace(b"Content-Length: ", b"Content-Length: 9999999"),
}


def connect(address: Address) -> socket.socket:
    """Return a connection without encryption, whose receiver takes little before it is full."""
    with ExitStack() as undo:
        sock = undo.enter_context(socket.socket())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(10)
        sock.connect(address)
        undo.pop_all()
        return sock


def connect_unverified_tls(address: Address) -> socket.socket:
    """Return an encrypted connection to a server with a certificate of its own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(connect(address), server_hostname="localhost")


@contextmanager
def holding(kind: str, address: Address, count: int, opened: Open = connect) -> Iterator[list[socket.socket]]:
    """Yield so many connections of one kind of ``FIRST_WORDS`` that stay as they are.

    :param kind: a key of ``FIRST_WORDS``.
    :param address: where the service listens.
    :param count: how many.
    :param opened: makes a connection.
    :returns: the connections, closed in the end.
    """
    stop = threading.Event()
    with ExitStack() as stack:
        held = [stack.enter_context(opened(address)) for _ in range(count)]
        for sock in held:
            _say(sock, FIRST_WORDS[kind])
        dripper = threading.Thread(target=_drip, args=(held, stop), daemon=True)
        if kind == "dripping":
            dripper.start()
        try:
            yield held
        finally:
            stop.set()
            if dripper.ident:
                dripper.join()


def still_open(sock: socket.socket) -> bool:
    """Whether the server has neither said anything to a silent client nor closed the connection."""
    return not select.select([sock], [], [], 0)[0]


def _say(sock: socket.socket, words: bytes) -> None:
    """Send what the other side takes at once."""
    sock.setblocking(False)
    try:
        sock.send(words)
    except (BlockingIOError, ssl.SSLWantWriteError, ConnectionError):
        pass
    finally:
        sock.settimeout(10)


def _drip(held: list[socket.socket], stop: threading.Event) -> None:
    words = HEAD + BODY
    for number in range(len(words)):
        for sock in held:
            try:
                sock.send(words[number : number + 1])
            except OSError:
                continue
        if stop.wait(1):
            return
