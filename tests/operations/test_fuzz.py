"""The fuzz by its command, for seconds; and that what breaks something is told, shrunk and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import strategies as st

from bench.fuzz.finding import Finding
from bench.fuzz.hunting import hunt
from tests.structure.tree import TOP


def fuzz(keep: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench.fuzz", "--keep", str(keep), *options]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return subprocess.run(command, cwd=TOP, env=quiet, capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["readers", "feeds", "messages", "api"])
def test_some_seconds_of_each_part_find_nothing(part: str, tmp_path: Path) -> None:
    ran = fuzz(tmp_path, "--minutes", "0.1", "--only", part)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith(f"{part}: ")
    assert ran.stdout.strip().endswith("0 findings")


def no_digit(text: str) -> None:
    assert not any(sign.isdigit() for sign in text)


def found(kept: Path, seed: int) -> Finding:
    hunting = hunt("digits", "text", st.text(), no_digit, kept, seed)
    return next(finding for _, finding in islice(hunting, 20) if finding is not None)


def test_what_breaks_something_is_shrunk_and_kept_and_found_again(tmp_path: Path) -> None:
    first = found(tmp_path, 1)
    assert first.what.startswith("AssertionError")
    assert len(first.content.decode()) == 1
    assert first.keep(tmp_path).read_bytes() == first.content
    # The second time it begins with what the first has found.
    assert found(tmp_path, 2).content == first.content
