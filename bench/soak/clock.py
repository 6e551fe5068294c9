"""A clock of the service's own, which can be put forward and back while the machine's and all that only counts go on.

In: a folder. Out: the environment of a service that reads it. libfaketime 0.9.10 was tried: under it ``time.sleep`` of
Python fails, because it does not know ``clock_nanosleep`` with a moment of a clock that only counts.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which

_SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """What the service takes for the time. Without a compiler it is the machine's, and cannot be set."""

    def __init__(self, folder: Path) -> None:
        self._ahead, library = folder / "clock", folder / "clock.so"
        self.set(0)
        self.environment: dict[str, str] = {}
        if which("cc"):
            subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", library, _SOURCE], check=True)
            self.environment = {"LD_PRELOAD": str(library), "SOAK_CLOCK": str(self._ahead)}

    def set(self, seconds: int) -> None:
        """Put it so far ahead of the machine's clock; behind it if negative."""
        with self._ahead.open("r+b" if self._ahead.exists() else "wb") as file:
            file.write(seconds.to_bytes(8, "little", signed=True))
