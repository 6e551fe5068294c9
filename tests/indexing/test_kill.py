"""kill -9 in the middle of an ingest: the old Build answers, and after the next run nothing is left over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.indexing.index import load_build, open_current
from bot.indexing.store import LOCK_FILE, PARTIAL_PREFIX, POINTER_FILE, BuildStore
from tests.factories import corpus, make_build

KILLED, NEVER = -9, 1_000_000
MOMENTS = 8


@contextmanager
def killer(folder: Path) -> Iterator[Callable[[int], list[int]]]:
    """A function that ingests into a folder until a touch of the file system, and returns what the process said: -9
    when it was killed, how many touches there were and which of them were renamings when it was not.
    """
    command = [sys.executable, "-m", "tests.indexing.killing", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def kill_at(touch: int) -> list[int]:
            stdin.write(f"{touch}\n")
            stdin.flush()
            return [int(number) for number in stdout.readline().split()]

        yield kill_at
        stdin.close()


def left_over(store: BuildStore) -> list[str]:
    """What is in a store's folder besides whole Builds, the pointer and the lock."""
    kept = {path.name for path in store.builds()} | {POINTER_FILE, LOCK_FILE}
    return sorted(path.name for path in store.directory.iterdir() if path.name not in kept)


@pytest.mark.slow
def test_after_a_kill_the_old_build_answers_and_the_next_run_leaves_nothing_over(tmp_path: Path) -> None:
    fewer = corpus()[1:]
    for sources in (fewer, corpus(), fewer):
        make_build(tmp_path, sources)
    store = BuildStore(tmp_path)
    with killer(tmp_path) as kill_at:
        last, *renamings = kill_at(NEVER)
        assert len(renamings) == 3
        seen_partial = 0
        # Spread over the whole ingest, before and after each renaming, and while the oldest Build is removed.
        around = {renaming + after for renaming in renamings for after in (0, 1)}
        for touch in sorted({*range(1, last, last // MOMENTS), *around, last - 2}):
            before = make_build(tmp_path).build
            assert left_over(store) == []
            assert kill_at(touch) == [KILLED]
            seen_partial += any(name.startswith(PARTIAL_PREFIX) for name in left_over(store))
            index, rejected = open_current(store)
            assert rejected == []
            switched = store.pointed() != tmp_path / before
            assert index.build_id == (store.pointed() or tmp_path).name
            assert switched == (touch > renamings[1])
            assert all(load_build(build).build_id == build.name for build in store.builds())
        make_build(tmp_path)
    assert seen_partial > MOMENTS / 2
    assert left_over(store) == []
    assert len(store.builds()) == 3
