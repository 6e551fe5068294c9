"""Workers are counted by the cores that a container may use, in either kind of control group."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.web.cores import available_cores
from tests.reading.corpus_files import write

ALL = len(os.sched_getaffinity(0))
V2, V1 = "sys/fs/cgroup", "sys/fs/cgroup/cpu"
DOCKER = "12:cpu,cpuacct:/docker/abc\n11:memory:/docker/abc\n"


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, ALL),
        ({f"{V2}/cpu.max": "max 100000\n"}, ALL),
        ({f"{V2}/cpu.max": "100000 100000\n"}, 1),
        ({f"{V2}/cpu.max": "50000 100000\n"}, 1),
        ({f"{V2}/cpu.max": "100000\n"}, ALL),
        ({f"{V2}/cpu.max": "nonsense\n"}, ALL),
        ({f"{V2}/cpu.max": "0 0\n"}, ALL),
        ({f"{V2}/a/cpu.max": "100000 100000\n", "proc/self/cgroup": "0::/a/b\n", f"{V2}/a/b/cpu.max": "max 1\n"}, 1),
        ({f"{V2}/other/cpu.max": "100000 100000\n", "proc/self/cgroup": "0::/mine\n"}, ALL),
        ({f"{V1}/cpu.cfs_quota_us": "-1\n", f"{V1}/cpu.cfs_period_us": "100000\n"}, ALL),
        ({f"{V1}/cpu.cfs_quota_us": "90000\n", f"{V1}/cpu.cfs_period_us": "100000\n"}, 1),
        (
            {
                f"{V1}/docker/abc/cpu.cfs_quota_us": "100000\n",
                f"{V1}/docker/abc/cpu.cfs_period_us": "100000\n",
                "proc/self/cgroup": DOCKER,
            },
            1,
        ),
    ],
)
def test_a_containers_quota_counts_and_not_the_machine(tmp_path: Path, files: dict[str, str], cores: int) -> None:
    for name, text in files.items():
        write(tmp_path, name, text)

    assert available_cores(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("400000 100000", 4), ("150000 100000", 2), ("20000 100000", 1)])
def test_a_part_of_a_core_counts_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: str, cores: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: range(64))
    write(tmp_path, f"{V2}/cpu.max", quota)

    assert available_cores(tmp_path) == cores
