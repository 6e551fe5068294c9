"""The folder of Builds: who may write, what is current, what is left over."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import IndexUnavailable, IngestBusy
from bot.indexing.index import open_current
from bot.indexing.store import POINTER_FILE, BuildStore
from tests.factories import corpus, make_build


def put(store: BuildStore, name: str) -> Path:
    """Publish a Build of one small file."""
    with store.writing():
        folder = store.partial(name)
        (folder / "file").write_text(name, encoding="utf-8")
        return store.publish(folder)


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_a_folder_that_is_not_there_has_no_builds(tmp_path: Path) -> None:
    store = BuildStore(tmp_path / "absent")
    assert (store.builds(), store.pointed(), store.mark(), store.candidates()) == ([], None, None, [])


def test_a_published_build_is_the_current_one(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    assert store.pointed() is None
    put(store, "1")
    assert put(store, "2") == store.pointed() == tmp_path / "2"


def test_the_last_builds_are_kept_and_no_more(tmp_path: Path) -> None:
    store = BuildStore(tmp_path, keep=2)
    for name in "123":
        put(store, name)
    assert names(store.builds()) == ["2", "3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "2", "3", POINTER_FILE]


def test_a_clock_that_went_back_does_not_remove_what_was_just_published(tmp_path: Path) -> None:
    store = BuildStore(tmp_path, keep=1)
    put(store, "9")
    put(store, "1")
    assert store.pointed() == tmp_path / "1"


def test_keeping_no_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        BuildStore(tmp_path, keep=0)


def test_rolling_back_goes_to_the_build_before_and_says_which(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    for name in "123":
        put(store, name)
    assert store.rollback() == store.pointed() == tmp_path / "2"
    assert store.rollback() == store.pointed() == tmp_path / "1"
    with pytest.raises(IndexUnavailable, match="no Build before"):
        store.rollback()
    assert store.pointed() == tmp_path / "1"


def test_rolling_back_without_a_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        BuildStore(tmp_path).rollback()


def test_a_build_that_was_rolled_back_is_tried_last(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    for name in "123":
        put(store, name)
    store.rollback()
    assert names(store.candidates()) == ["2", "1", "3"]


def test_the_build_after_a_rollback_is_current(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    for name in "12":
        put(store, name)
    store.rollback()
    put(store, "3")
    assert names(store.candidates()) == ["3", "2", "1"]


def test_the_mark_changes_with_every_change_of_the_current_build(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    marks = [store.mark()]
    put(store, "1")
    marks.append(store.mark())
    assert store.mark() == marks[-1]
    put(store, "2")
    marks.append(store.mark())
    store.rollback()
    marks.append(store.mark())
    assert all(before != after for before, after in itertools.pairwise(marks))


def test_two_writers_at_a_time_are_refused(tmp_path: Path) -> None:
    with BuildStore(tmp_path).writing():
        with pytest.raises(IngestBusy), BuildStore(tmp_path).writing():
            pass
        writer = "import sys, pathlib; from bot.indexing.store import BuildStore\n"
        writer += "with BuildStore(pathlib.Path(sys.argv[1])).writing(): pass"
        ended = subprocess.run([sys.executable, "-c", writer, str(tmp_path)], capture_output=True, text=True)
    assert "IngestBusy" in ended.stderr
    with BuildStore(tmp_path).writing():
        pass


def test_a_writer_that_was_killed_does_not_block_the_next_and_leaves_nothing(tmp_path: Path) -> None:
    killed = "import os, pathlib, sys; from bot.indexing.store import BuildStore\n"
    killed += "store = BuildStore(pathlib.Path(sys.argv[1]))\n"
    killed += "with store.writing(): store.partial('1'); os.kill(os.getpid(), 9)"
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path)])
    assert ended.returncode == -9
    assert (tmp_path / ".partial-1").is_dir()
    with BuildStore(tmp_path).writing():
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_writer_that_failed_leaves_nothing_and_the_current_build_stays(tmp_path: Path) -> None:
    store = BuildStore(tmp_path)
    put(store, "1")

    def fail() -> None:
        with store.writing():
            (store.partial("2") / "half").write_text("x", encoding="utf-8")
            raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk"):
        fail()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "1", POINTER_FILE]
    assert store.pointed() == tmp_path / "1"


@pytest.mark.parametrize("damage", [b"", b"\xff", b"nonsense\n", b"../1\n"])
def test_a_pointer_that_names_no_build_is_seen(tmp_path: Path, damage: bytes) -> None:
    store = BuildStore(tmp_path)
    put(store, "1")
    assert not store.pointer_is_lost()
    (tmp_path / POINTER_FILE).write_bytes(damage)
    assert store.pointer_is_lost()
    assert store.pointed() is None


def test_every_flipped_byte_of_the_pointer_is_said_and_the_newest_build_serves(tmp_path: Path) -> None:
    make_build(tmp_path)
    newest = make_build(tmp_path, corpus()[1:]).build
    pointer = tmp_path / POINTER_FILE
    good = pointer.read_bytes()
    for position in range(len(good)):
        damaged = bytearray(good)
        damaged[position] ^= 0x01
        pointer.write_bytes(damaged)
        index, rejected = open_current(BuildStore(tmp_path))
        assert (index.build_id, [entry.build for entry in rejected]) == (newest, [POINTER_FILE])
