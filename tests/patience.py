"""How long a test waits for what comes at once: a busy machine is no fault of what is tested."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 300.0


def soon(holds: Callable[[], object], patience_s: float = PATIENCE_S) -> bool:
    """Whether something holds before the patience is at its end; what never comes is waited for that long."""
    until = time.monotonic() + patience_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.02)
    return bool(held)


def in_a_row(holds: Callable[[], object], times: int, patience_s: float = PATIENCE_S) -> bool:
    """Whether something holds soon as often in a row as would hardly miss one of several workers."""
    return soon(lambda: all(holds() for _ in range(times)), patience_s)
