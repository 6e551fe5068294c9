"""Limit how many passwords are hashed at once, so that families' answers never wait for it.

A hash is costly by design: 64 MiB and a full core for a tenth of a second. Knows nothing of passwords.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import BotError

# Of a worker's four threads, two are left to families whatever is tried at the console.
_AT_ONCE, _WAITING = 1, 1


class HashingBusy(BotError):
    """There is no room to check another password; the same request may be sent again in a second."""

    def __init__(self) -> None:
        super().__init__("Other passwords are being looked at just now. Send it again in a second.")


class Hashing:
    """The room for hashing in this process."""

    def __init__(self) -> None:
        self._admitted = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    @contextmanager
    def room(self) -> Iterator[None]:
        """Keep room for one password to be checked.

        :raises HashingBusy: at once, if somebody is already waiting
        """
        if not self._admitted.acquire(blocking=False):
            raise HashingBusy
        try:
            with self._room:
                yield
        finally:
            self._admitted.release()
