"""A client's socket as a thread sees it: nothing to wait for in either direction.

Comes in: an answer. Goes out: as much of it as the client takes at once; the rest is kept here and sent by whoever
calls ``flush`` when the client is ready for more. It must not know HTTP.
"""

from __future__ import annotations

import errno
import select
import socket
import time
from contextlib import suppress
from typing import Any

# More than any page, picture or script of ours; a longer export keeps its thread while the client takes it.
KEPT_BYTES = 2**20
# How long it may take in all.
LONG_ANSWER_S = 60.0


class Outgoing:
    """A socket that is always written to without waiting, and not read from by threads."""

    def __init__(self, sock: socket.socket) -> None:
        """Keep ``sock``, which must not block."""
        self._sock = sock
        self.unsent = bytearray()
        self.gone = False

    def __getattr__(self, name: str) -> Any:
        """What else gunicorn asks of a socket, such as its address."""
        return getattr(self._sock, name)

    def receive(self, size: int) -> bytes | None:
        """What the client has sent, ``None`` if nothing, empty if it sends no more."""
        try:
            return self._sock.recv(size)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Nothing: a thread gets a request whole, and what it looks for beyond that is not coming."""
        return b""

    def send(self, data: bytes) -> int:
        """Send or keep all of it."""
        self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send what the client takes, keep the rest; wait only when too much is kept.

        :raises ConnectionResetError: if the client is gone, or takes too little for too long
        """
        if not self.offer(data) and len(self.unsent) > KEPT_BYTES:
            self._wait_for_room()
        if self.gone:
            raise ConnectionResetError(errno.ECONNRESET, "the client is gone")

    def offer(self, data: bytes) -> bool:
        """Whether nothing is left to send after this; never waits and never raises."""
        self.unsent += data
        return self.flush()

    def flush(self) -> bool:
        """Whether nothing is left to send, after sending what the client takes."""
        while self.unsent:
            try:
                sent = self._sock.send(self.unsent)
            except BlockingIOError:
                return False
            except OSError:
                self.gone = True
                sent = len(self.unsent)
            del self.unsent[:sent]
        return True

    def say_farewell(self) -> None:
        """Tell the client that nothing more comes."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def setblocking(self, flag: bool) -> None:
        """Nothing: it never blocks, whatever gunicorn would have it do."""

    def settimeout(self, timeout: float | None) -> None:
        """Nothing, likewise."""

    def gettimeout(self) -> float | None:
        """None, as of a socket that blocks, which gunicorn's threads expect."""
        return None

    def _wait_for_room(self) -> None:
        poll, until = select.poll(), time.monotonic() + LONG_ANSWER_S
        poll.register(self._sock, select.POLLOUT)
        while not self.flush() and len(self.unsent) > KEPT_BYTES:
            if not poll.poll(max(0, until - time.monotonic()) * 1000):
                self.gone = True
                self.unsent.clear()
