"""A request that is ended when its time is over, however slowly it goes on.

Timeouts of an HTTP client are for each read, so a server that sends a byte a second is never too slow for them. In:
seconds. Out: what the client is told to call at each step. It must not know what is sent.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any

import httpx2

_CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Deadline:
    """The time that one request has in all; ``passed`` says whether it was ended."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> Deadline:
        """Begin to count."""
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Count no more."""
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of a step; the client's extension ``trace``.

        :raises httpx2.ReadTimeout: if the time is over
        """
        if event in _CONNECTED:
            self._socket = info["return_value"].get_extra_info("socket")
        if self.passed and event.endswith(".started"):
            raise httpx2.ReadTimeout("the time is over")

    def _end(self) -> None:
        self.passed = True
        if self._socket is not None:
            # Whoever waits for a byte gets an end instead. Not the method of a TLS socket, which another thread reads.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
