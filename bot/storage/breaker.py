"""Calls that failed slowly -> calls that are refused at once, until somebody found that they work again.

In: how calls ended. Out: whether the next one may be made. A circuit breaker; it must not know what is called.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("bot")

# How soon it is tried again; longer each time when what was found to work failed again soon after.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_SOON_S = 30.0
# Where nobody tries beside the calls, one of them has to.
_UNWATCHED_S = 5.0


class CircuitBreaker:
    """Closed, it lets calls through; open, it refuses them. Threads share it."""

    def __init__(
        self,
        what: str,
        *,
        meanwhile: str = "answers go on without it, and are not remembered",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``what`` is named in the log.

        :param clock: gives seconds that only go on
        """
        self._what, self._meanwhile, self._clock = what, meanwhile, clock
        self._lock = threading.Lock()
        self._opened_at: float | None = None
        self._closed_at = float("-inf")
        self._retry_at = float("-inf")
        self._pause_s = _FIRST_PAUSE_S
        self.held = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused."""
        return self._opened_at is not None

    def allows(self) -> bool:
        """Return whether a call may be made: when nobody else tried for long, one is let through to see."""
        if self._opened_at is None:
            return True
        with self._lock:
            if self.held or self._clock() < self._retry_at + _UNWATCHED_S:
                return False
            self._retry_at = self._clock()
            return True

    def is_due(self) -> bool:
        """Return whether it is time to try again, beside the calls."""
        return self.is_open and self._clock() >= self._retry_at

    def hold(self, found: str) -> None:
        """Open, and let nobody through to see until ``reset``."""
        self.held = True
        self.trip(found)

    def trip(self, found: str) -> None:
        """Open after a call that failed slowly, or stay open after one more."""
        with self._lock:
            now = self._clock()
            if self._opened_at is None:
                again = now - self._closed_at < _SOON_S
                self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S) if again else _FIRST_PAUSE_S
                self._opened_at = now
                log.error("%s does not answer (%s); %s", self._what, found, self._meanwhile)
            self._retry_at = now + self._pause_s

    def reset(self) -> None:
        """Close, because a call worked."""
        with self._lock:
            if self._opened_at is None:
                return
            log.warning("%s answers again, after %.0f s", self._what, self._clock() - self._opened_at)
            self._opened_at, self._closed_at, self.held = None, self._clock(), False
