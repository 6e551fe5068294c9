"""Count requests in this process by a clock that may be set back.

A window ends at a time of day. If the clock were set back by an hour, the windows of that moment would last an hour,
and a client that had used its own up would be shut out as long. Knows nothing of who is counted.
"""

from __future__ import annotations

import threading
import time
from typing import ClassVar

from limits.storage import MemoryStorage

WINDOW_S = 60
STEADY = "steady://"


class SteadyStorage(MemoryStorage):
    """A memory storage that restarts a window whose end is further away than a window is long."""

    STORAGE_SCHEME = [STEADY.removesuffix("://")]  # noqa: RUF012 - its parent declares it so
    _one_at_a_time: ClassVar[threading.Lock] = threading.Lock()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count one more and return the count.

        It takes a lock: two threads that clean up at once would start one timer twice, and fail.
        """
        with self._one_at_a_time:
            return int(super().incr(key, expiry, amount))

    def get(self, key: str) -> int:
        """Return how much was counted under a key in its window."""
        if self.expirations.get(key, 0) > time.time() + WINDOW_S:
            self.clear(key)
        return int(super().get(key))
