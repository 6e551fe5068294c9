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
    # The tiny index has an encoder of its own, for which no editor's command can make another Build.
    command = [sys.executable, "-m", "bench.soak", "--index", str(index), "--minutes", str(minutes), "--calm", "1"]
    # People who press on without a pause would take the processor from what is tested beside this.
    command += ["--pause", "1.5"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return subprocess.run([*command, *options], cwd=TOP, env=quiet, capture_output=True, text=True)


def test_nothing_is_lost_while_a_worker_and_the_database_fail(index: Path) -> None:
    faults = ("worker killed", "database stopped", "all killed")
    ran = soak(index, 0.4, *(word for name in faults for word in ("--only", name)))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing is wrong." in ran.stdout
    assert " 0 lost." in ran.stdout
    for table in ("| family |", "| crisis |", "| partner |", "| console |", "| worker killed |", "| minute |"):
        assert table in ran.stdout
