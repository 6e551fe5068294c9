"""Keep what the last sync saw and wrote in ``.sync.json`` beside the corpus, and lock the corpus during a sync.

The state belongs with the corpus: it tells what a feed wrote from what editors have changed since. It holds no secrets.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bot.errors import FeedError, SyncBusy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATE_FILE = ".sync.json"
_VERSION = 1


@dataclass(slots=True)
class EntryRecord:
    """An entry as it was at the last sync.

    ``fingerprint`` is the hash of everything the feed said of it, empty if it has to be looked at again. ``files`` are
    the hashes of the files it became, by path in the corpus. ``filled`` is the file whose ``video`` it filled. ``url``
    is its link as first seen.
    """

    title: str = ""
    fingerprint: str = ""
    published: str | None = None
    updated: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    filled: str | None = None
    video: str | None = None
    url: str | None = None
    retired: str | None = None


@dataclass(slots=True)
class FeedRecord:
    """A feed as it was at the last sync; ``etag`` and ``last_modified`` are set only if nothing failed."""

    etag: str = ""
    last_modified: str = ""
    entries: dict[str, EntryRecord] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """All feeds of a corpus, by location."""

    version: int = _VERSION
    feeds: dict[str, FeedRecord] = field(default_factory=dict)


@contextmanager
def locked(corpus: Path) -> Iterator[None]:
    """Keep other syncs away from a corpus, which is created if missing; the lock ends with the process in any case.

    :raises SyncBusy: if another sync has the lock
    """
    corpus.mkdir(parents=True, exist_ok=True)
    # Locks the folder itself, so that no lock file lies among the files under version control.
    folder = os.open(corpus, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SyncBusy(str(corpus)) from error
        yield
    finally:
        os.close(folder)


def read_state(corpus: Path) -> State:
    """Return the state of a corpus; an empty one if there is none.

    :raises FeedError: if the file cannot be read, or is of another version
    """
    path = corpus / STATE_FILE
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.DecodeError) as error:
        remedy = "Restore it from version control, or remove it; then sources that are there are left alone."
        raise FeedError(str(path), f"the state of the last sync cannot be read ({error})", remedy) from error
    if state.version != _VERSION:
        found = f"the state is of version {state.version}, not {_VERSION}"
        raise FeedError(str(path), found, "Sync with the program that wrote it, or remove it.")
    return state


def write_state(corpus: Path, state: State) -> None:
    """Replace the state on disk atomically if it has changed."""
    path, content = corpus / STATE_FILE, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n"
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that no reader ever sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        beside.chmod(path.stat().st_mode)
    beside.replace(path)
