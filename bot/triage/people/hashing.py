"""Room for hashing passwords, of which there is little, so that families' answers never wait for it.

A hash is made to be costly: 64 MiB and all of a core for a tenth of a second. In: nothing. Out: room for one, or
HashingBusy at once. It must not know passwords.

    HashingBusy            others are being looked at just now
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import BotError

# Of the four threads of a worker, two are left to families whatever is tried at the console.
_AT_ONCE, _WAITING = 1, 1


class HashingBusy(BotError):
    """There is no room to look at another password; the same may be sent again in a second."""

    def __init__(self) -> None:
        super().__init__("Other passwords are being looked at just now. Send it again in a second.")


class Hashing:
    """Room in this process."""

    def __init__(self) -> None:
        self._admitted = threading.BoundedSemaphore(_AT_ONCE + _WAITING)
        self._room = threading.BoundedSemaphore(_AT_ONCE)

    @contextmanager
    def room(self) -> Iterator[None]:
        """Keep room for one password to be looked at.

        :raises HashingBusy: at once, if somebody waits already
        """
        if not self._admitted.acquire(blocking=False):
            raise HashingBusy
        try:
            with self._room:
                yield
        finally:
            self._admitted.release()
