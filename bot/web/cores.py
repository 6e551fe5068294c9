"""Count the cores that this process may use, by the machine, its affinity and its container's quota.

Python counts the machine's cores, whatever a container may use: with a quota of two on a machine of 64, 64 workers
would compete for two cores and need the memory of 64.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

_ROOT = Path("/")
_V2, _V1 = "sys/fs/cgroup", ("sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct")


def available_cores(root: Path = _ROOT) -> int:
    """Return how many cores may be used at once, at least one; part of a core counts as one.

    :param root: the folder that holds ``proc`` and ``sys``
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for folder in _folders(root) if (quota := _quota_in(folder)) is not None]
    return max(1, min([cores, *map(math.ceil, quotas)]))


def _folders(root: Path) -> list[Path]:
    """List the control groups that this process is in, and their parents, whose quotas apply as well."""
    tops = [root / _V2, *(root / name for name in _V1)]
    found = list(tops)
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and "cpu" not in controllers.split(","):
            continue
        parts = [part for part in path.split("/") if part and part != ".."]
        found += [top.joinpath(*parts[:depth]) for top in tops for depth in range(1, len(parts) + 1)]
    return found


def _quota_in(folder: Path) -> float | None:
    """Return the quota of a group in cores; ``None`` for no limit, or none that can be read."""
    quota, _, period = _read(folder / "cpu.max").strip().partition(" ")
    if not quota:
        quota, period = _read(folder / "cpu.cfs_quota_us").strip(), _read(folder / "cpu.cfs_period_us").strip()
    if not (quota.isdecimal() and period.isdecimal() and int(quota) and int(period)):
        return None
    return int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
