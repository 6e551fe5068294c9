"""Refuse calls at once after one failed slowly, until they are found to work again.

A circuit breaker; it knows nothing of what is called.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("bot")

# The pause before a retry; it doubles when a recovery is soon followed by another failure.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_SOON_S = 30.0
# After this long without a test outside the calls, a call itself is let through.
_UNWATCHED_S = 5.0


class CircuitBreaker:
    """A breaker that threads share: closed, it lets calls through; open, it refuses them."""

    def __init__(
        self,
        what: str,
        *,
        meanwhile: str = "answers go on without it, and are not remembered",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make a closed breaker; ``what`` is its name in the log.

        :param meanwhile: what goes on while it is open, for the log
        :param clock: a monotonic clock, in seconds
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
        """Say whether calls are refused."""
        return self._opened_at is not None

    def allows(self) -> bool:
        """Say whether a call may be made; if nothing else has tried for long, let one through as a test."""
        if self._opened_at is None:
            return True
        with self._lock:
            if self.held or self._clock() < self._retry_at + _UNWATCHED_S:
                return False
            self._retry_at = self._clock()
            return True

    def is_due(self) -> bool:
        """Say whether it is time for a test outside the calls."""
        return self.is_open and self._clock() >= self._retry_at

    def hold(self, found: str) -> None:
        """Open, and let no test call through until ``reset``."""
        self.held = True
        self.trip(found)

    def trip(self, found: str) -> None:
        """Open after a call that failed slowly, or stay open after another."""
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
