"""Manage the folder where Builds live: a folder for each Build, a pointer to the current one, and the writer's lock.

A Build is written into a hidden folder and renamed into place; the pointer is also replaced by a rename. A killed
process therefore leaves at most hidden folders, which the next ingest removes, and its lock ends with it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import IndexUnavailable, IngestBusy
from bot.indexing.manifest import read_manifest

if TYPE_CHECKING:
    from bot.indexing.engine import Engine

POINTER_FILE, LOCK_FILE, PARTIAL_PREFIX = "current", ".lock", ".partial-"


class BuildStore:
    """The Builds of one index folder."""

    def __init__(self, directory: Path, *, keep: int = 3, engine: Engine | None = None) -> None:
        """Refer to an index folder without creating anything.

        :param keep: how many Builds are kept, 1 or more.
        :param engine: searches their vectors; without one, they are searched here.
        :raises ValueError: if ``keep`` is less than 1.
        """
        if keep < 1:
            raise ValueError(f"at least one Build is kept, not {keep}")
        self.directory, self.engine = directory, engine
        self._keep = keep

    def builds(self) -> list[Path]:
        """Return the folders of all Builds, oldest first: their names begin with the time they were made."""
        if not self.directory.is_dir():
            return []
        return sorted(path for path in self.directory.iterdir() if path.is_dir() and not path.name.startswith("."))

    def pointed(self) -> Path | None:
        """Return the Build that the pointer names.

        :returns: ``None`` if there is no pointer, or it names nothing that is there.
        """
        try:
            pointer = (self.directory / POINTER_FILE).read_bytes()
        except OSError:
            return None
        return next((build for build in self.builds() if pointer == _pointer(build)), None)

    def pointer_is_lost(self) -> bool:
        """Say whether there are Builds but no pointer to one: damage, or a kill before the first was published."""
        return bool(self.builds()) and self.pointed() is None

    def candidates(self) -> list[Path]:
        """Return the Builds in the order in which they should be tried: the pointed one, then newest first.

        :returns: every Build once. Builds newer than the pointed one were rolled back and are tried last.
        """
        pointed = self.pointed()
        builds = self.builds()[::-1]
        if pointed is None:
            return builds
        older = [build for build in builds if build.name < pointed.name]
        return [pointed, *older, *(build for build in builds if build.name > pointed.name)]

    def mark(self) -> tuple[int, int] | None:
        """Return a value that changes when the pointer is replaced, cheap enough to check before a request.

        :returns: inode and time in nanoseconds; ``None`` without a pointer.
        """
        try:
            found = (self.directory / POINTER_FILE).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; leftovers of killed runs are removed first.

        :raises IngestBusy: if another process holds it.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / LOCK_FILE).open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IngestBusy(str(self.directory)) from error
            self._remove_leftovers()
            try:
                yield
            finally:
                self._remove_leftovers()

    def partial(self, name: str) -> Path:
        """Return a new, empty hidden folder for a Build being written."""
        folder = self.directory / f"{PARTIAL_PREFIX}{name}"
        folder.mkdir()
        return folder

    def publish(self, partial: Path) -> Path:
        """Move a finished Build into place, point to it, and remove the oldest beyond those kept.

        :param partial: the folder from ``partial``, complete.
        """
        _sync(partial)
        build = self.directory / partial.name.removeprefix(PARTIAL_PREFIX)
        if build.exists():
            # A damaged one of the same name; it is removed with the leftovers.
            build.rename(self.directory / f"{PARTIAL_PREFIX}replaced-{build.name}")
        partial.rename(build)
        self._point_to(build)
        for old in self.builds()[: -self._keep]:
            if old != build:
                # Renamed first, so that a kill midway leaves a hidden folder and not half a Build.
                hidden = old.rename(self.directory / f"{PARTIAL_PREFIX}{old.name}")
                shutil.rmtree(hidden)
        return build

    def publish_unless_same(self, partial: Path, previous: Path | None) -> Path:
        """Publish a finished Build, unless the one before has the same files: then make that one current.

        A rollback thus leads to other content, and good Builds are not pushed out. The unused folder is removed with
        the leftovers.

        :param partial: the folder from ``partial``, complete.
        :param previous: the Build before, if there is an intact one.
        """
        if previous is None or read_manifest(previous).files != read_manifest(partial).files:
            return self.publish(partial)
        self.switch_to(previous)
        return previous

    def switch_to(self, build: Path) -> None:
        """Point to an existing Build; nothing changes if it is the current one.

        :param build: its folder.
        """
        if self.pointed() != build:
            self._point_to(build)

    def rollback(self) -> Path:
        """Point to the Build before the current one.

        :raises IndexUnavailable: if there is none before it.
        """
        pointed = self.pointed()
        older = [build for build in self.builds() if pointed is not None and build.name < pointed.name]
        if not older:
            raise IndexUnavailable(str(self.directory), "there is no Build before the current one")
        self._point_to(older[-1])
        return older[-1]

    def _remove_leftovers(self) -> None:
        for leftover in self.directory.glob(f"{PARTIAL_PREFIX}*"):
            if leftover.is_dir():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()

    def _point_to(self, build: Path) -> None:
        temporary = self.directory / f"{PARTIAL_PREFIX}pointer"
        with temporary.open("wb") as file:
            file.write(_pointer(build))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.directory / POINTER_FILE)
        _sync_folder(self.directory)


def _pointer(build: Path) -> bytes:
    return f"{build.name}\n".encode()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
