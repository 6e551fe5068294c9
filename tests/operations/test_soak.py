"""The soak by its command, for less than a minute: everything at once over real gunicorn and a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.tree import TOP

pytestmark = pytest.mark.slow


def soak(index: Path, minutes: float, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.soak", "--index", str(index), "--minutes", str(minutes), "--calm", "1"]
    # People who press on without a pause, and an editor who makes Builds of the whole corpus, would take the processor
    # from what is tested beside this.
    command += ["--pause", "1.5", "--builds", "0"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return subprocess.run([*command, *options], cwd=TOP, env=quiet, capture_output=True, text=True)


def test_nothing_is_lost_while_a_worker_and_the_database_fail(index: Path) -> None:
    faults = ("worker killed", "database stopped", "temporary files gone", "all killed", "service's disk full")
    ran = soak(index, 0.7, *(word for name in faults for word in ("--only", name)))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing is wrong." in ran.stdout
    assert " 0 lost." in ran.stdout
    for table in ("| family |", "| crisis |", "| partner |", "| console |", "| worker killed |", "| minute |"):
        assert table in ran.stdout
