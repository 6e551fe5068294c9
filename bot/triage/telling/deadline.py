"""End a request when its time is over, however slowly it goes on.

An HTTP client's timeouts are for each read, so a server that sends a byte a second never times out. The client calls
this at each step. Knows nothing of what is sent.
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
    """The total time of one request; ``passed`` says whether it was ended."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> Deadline:
        """Start the timer."""
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the timer."""
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note a step, as the client's ``trace`` extension.

        :raises httpx2.ReadTimeout: if the time is over
        """
        if event in _CONNECTED:
            self._socket = info["return_value"].get_extra_info("socket")
        if self.passed and event.endswith(".started"):
            raise httpx2.ReadTimeout("the time is over")

    def _end(self) -> None:
        self.passed = True
        if self._socket is not None:
            # Whoever waits for a byte gets EOF. Not by the method of the TLS socket, which another thread is reading.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
