"""Counts of requests in this process, by a clock that may be put back.

A window's end is a time of day. Were the clock put back by an hour, the windows of that moment would last an hour, and
who used theirs up would be shut out as long. It must not know who is counted.
"""

from __future__ import annotations

import threading
import time
from typing import ClassVar

from limits.storage import MemoryStorage

WINDOW_S = 60
STEADY = "steady://"


class SteadyStorage(MemoryStorage):
    """As its parent, but that a window whose end is further off than any window is long begins anew."""

    STORAGE_SCHEME = [STEADY.removesuffix("://")]  # noqa: RUF012 - its parent declares it so
    _one_at_a_time: ClassVar[threading.Lock] = threading.Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Return the count with one more; two threads that clean up at once would start one timer twice, and fail."""
        with self._one_at_a_time:
            return int(super().incr(key, expiry, amount))

    def get(self, key: str) -> int:
        """Return how much was counted under a key in its window."""
        if self.expirations.get(key, 0) > time.time() + WINDOW_S:
            self.clear(key)
        return int(super().get(key))
