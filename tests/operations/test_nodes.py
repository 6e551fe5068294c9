"""Nodes by their command, in its smallest form: what they share goes and comes back, under load."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.structure.tree import TOP

pytestmark = pytest.mark.slow


def test_two_nodes_lose_nothing_and_serve_nothing_wrong_while_what_they_share_goes() -> None:
    events = ("a node is killed", "the database restarts", "Redis goes", "a bad Build is published")
    words = [word for name in (*events, "a good Build is published") for word in ("--only", name)]
    # How fast a new Build is there depends on what else the machine does; a full run holds it to five seconds.
    command = [
        sys.executable,
        "-m",
        "bench.nodes",
        "--nodes",
        "2",
        "--workers",
        "1",
        "--seconds",
        "3",
        "--within",
        "120",
    ]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "AWS_"))}
    ran = subprocess.run([*command, *words], cwd=TOP, env=quiet, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in (" 0 lost.", "0 answers from a wrong Build; 0 from the bad one.", "Nothing is wrong."):
        assert said in ran.stdout
    for event in events:
        assert f"| {event} |" in ran.stdout
