"""Write to a client's socket without ever blocking a thread.

What the client does not take at once is kept, and sent by whoever calls ``flush`` when the client is ready for more.
Knows nothing of HTTP.
"""

from __future__ import annotations

import errno
import select
import socket
import time
from contextlib import suppress
from typing import Any

# More than any page, picture or script of ours; a longer export holds its thread until the client takes it.
KEPT_BYTES = 2**20
# The time limit for the whole of such an answer.
LONG_ANSWER_S = 60.0


class Outgoing:
    """A socket that threads write to without waiting and do not read from."""

    def __init__(self, sock: socket.socket) -> None:
        """Wrap ``sock``, which must not block."""
        self._sock = sock
        self.unsent = bytearray()
        self.gone = False

    def __getattr__(self, name: str) -> Any:
        """Return whatever else gunicorn asks of a socket, such as its address."""
        return getattr(self._sock, name)

    def receive(self, size: int) -> bytes | None:
        """Return what the client has sent, ``None`` if nothing yet, empty if it will send no more."""
        try:
            return self._sock.recv(size)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return nothing: a thread already has its whole request, and nothing beyond it is coming."""
        return b""

    def send(self, data: bytes) -> int:
        """Send or keep all of ``data``."""
        self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send what the client takes and keep the rest; wait only when too much is kept.

        :raises ConnectionResetError: if the client is gone, or takes too little for too long
        """
        if not self.offer(data) and len(self.unsent) > KEPT_BYTES:
            self._wait_for_room()
        if self.gone:
            raise ConnectionResetError(errno.ECONNRESET, "the client is gone")

    def offer(self, data: bytes) -> bool:
        """Send or keep ``data`` and say whether nothing is left to send; never waits and never raises."""
        self.unsent += data
        return self.flush()

    def flush(self) -> bool:
        """Send what the client takes and say whether nothing is left to send."""
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
        """Do nothing: the socket never blocks, whatever gunicorn asks for."""

    def settimeout(self, timeout: float | None) -> None:
        """Do nothing, for the same reason."""

    def gettimeout(self) -> float | None:
        """Return ``None``, as a blocking socket does; gunicorn's threads expect it."""
        return None

    def _wait_for_room(self) -> None:
        poll, until = select.poll(), time.monotonic() + LONG_ANSWER_S
        poll.register(self._sock, select.POLLOUT)
        while not self.flush() and len(self.unsent) > KEPT_BYTES:
            if not poll.poll(max(0, until - time.monotonic()) * 1000):
                self.gone = True
                self.unsent.clear()
