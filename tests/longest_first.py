"""The files that take longest are run first, so that processes beside each other end together.

How long each takes is what the last run measured; before the first, what its marks say.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest

KEY = "suite/seconds"
# Seconds a test, where none was measured.
GUESSED = {"slow": 15.0, "browser": 3.0, "model": 1.0}
# The first file that needs the Build of the shipped corpus may have to make it. The others stand behind so many files.
BEHIND = 20


class LongestFirst:
    """What pytest tells of the tests, in the process that collects and in the one that hears how long they took."""

    def __init__(self, config: pytest.Config) -> None:
        # None where pytest was told to keep nothing.
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        self._took: defaultdict[str, float] = defaultdict(float)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Order them where several processes run; alone they stay as they are."""
        if self._cache is None or "PYTEST_XDIST_WORKER" not in os.environ:
            return
        files = defaultdict[str, list[pytest.Item]](list)
        for item in items:
            files[file_of(item.nodeid)].append(item)
        seconds = {file: guessed(tests) for file, tests in files.items()} | self._cache.get(KEY, {})
        needing = {file for file, tests in files.items() if any("shipped" in item.fixturenames for item in tests)}  # type: ignore[attr-defined]
        items[:] = [item for file in ordered(sorted(files), seconds, needing) for item in files[file]]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._took[file_of(report.nodeid)] += report.duration

    def pytest_sessionfinish(self) -> None:
        if self._cache is not None and "PYTEST_XDIST_WORKER" not in os.environ:
            self._cache.set(KEY, self._cache.get(KEY, {}) | self._took)


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def guessed(tests: Sequence[pytest.Item]) -> float:
    return sum(max((GUESSED.get(mark.name, 0.0) for mark in item.iter_markers()), default=0.0) for item in tests)


def ordered(files: Sequence[str], seconds: Mapping[str, float], needing: set[str]) -> list[str]:
    """The files as they are to run.

    :param needing: those that need what the first of them makes
    """
    longest = sorted(files, key=lambda file: -seconds[file])
    first, *waiting = [file for file in longest if file in needing] or [None]
    others = [file for file in longest if file not in needing]
    return [*([first] if first else []), *others[:BEHIND], *waiting, *others[BEHIND:]]
