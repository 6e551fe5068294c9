"""Bring the Build that a bucket points to into an index folder, complete or not at all.

One process of each machine follows: the one that holds the lock. It writes what it found beside the Builds, so that
every process can report it. Knows nothing of what answers from a Build.
"""

from __future__ import annotations

import fcntl
import logging
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.errors import BucketUnavailable, IndexMismatch, IndexUnavailable, IngestBusy
from bot.indexing.bucket import POINTER, Bucket, Pointer
from bot.indexing.engine import Engine
from bot.indexing.followed import Followed, RefusedFetch, keep_followed, read_followed
from bot.indexing.index import load_build
from bot.indexing.manifest import MANIFEST_FILE, sha256_of
from bot.indexing.store import BuildStore

log = logging.getLogger("bot")
_LOCK_FILE = ".follow.lock"
# A refused Build is tried again, in case it was repaired in place: soon, then less and less often.
_RETRY_FIRST_S, _RETRY_LAST_S = 5.0, 300.0


class Follower:
    """A process that brings what a bucket points to into an index folder.

    Only a changed pointer changes the folder: a Build that was made here and could not be pushed stays.
    """

    def __init__(self, bucket: Bucket, store: BuildStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = bucket
        self._store = store
        self._clock = clock
        self._lock: int | None = None
        self._retry_s = _RETRY_FIRST_S
        self._retry_at = 0.0

    def follow(self) -> None:
        """Check once, and fetch what is new; failures are logged and reported in ``read_followed``."""
        if not self._is_mine():
            return
        known = self._known()
        try:
            mark = self._bucket.mark()
            known = self._answered(known)
            if mark != known.mark or (known.refused and self._clock() >= self._retry_at):
                self._changed(known, mark)
        except BucketUnavailable as error:
            self._away(known, error)
        except IngestBusy:
            # The next check finds the same pointer.
            return

    def pull(self) -> Pointer:
        """Fetch the Build that the bucket points to, now.

        :raises BucketUnavailable: if the bucket does not answer.
        :raises IndexMismatch: if that Build cannot be served.
        :raises IndexUnavailable: if nothing was pushed yet.
        :raises IngestBusy: if another process writes to the same folder.
        """
        mark, pointer = self._bucket.mark(), self._bucket.pointer()
        if pointer is None:
            raise IndexUnavailable(self._bucket.address, "nothing was pushed there yet")
        known = self._known()
        fetched = self._switch_to(pointer)
        kept = {"mark": mark, "pointer": pointer, "refused": None, "away": None, "away_since": None}
        self._keep(known, **kept, fetched=known.fetched + fetched)
        return pointer

    def _changed(self, known: Followed, mark: str | None) -> None:
        try:
            pointer = self._bucket.pointer()
        except IndexMismatch as error:
            self._refuse(known, mark, RefusedFetch(POINTER, str(error)))
            return
        if pointer is None:
            self._refuse(known, mark, RefusedFetch(POINTER, "there was a pointer, and there is none any more"))
        elif pointer == known.pointer and known.refused is None:
            self._keep(known, mark=mark)
        else:
            self._take(known, mark, pointer)

    def _take(self, known: Followed, mark: str | None, pointer: Pointer) -> None:
        try:
            fetched = self._switch_to(pointer)
        except IndexMismatch as error:
            self._refuse(known, mark, RefusedFetch(pointer.build, str(error)))
        except OSError as error:
            # The fault is this machine's disk: it is full, or the folder is not writable.
            self._refuse(known, mark, RefusedFetch(pointer.build, f"it cannot be written here: {error.strerror}"))
        else:
            self._retry_s = _RETRY_FIRST_S
            log.info("Build %s of %s is current here", pointer.build, self._bucket.address)
            self._keep(known, mark=mark, pointer=pointer, refused=None, fetched=known.fetched + fetched)

    def _switch_to(self, pointer: Pointer) -> bool:
        """Make a Build the current one here, and return whether it had to be fetched."""
        with self._store.writing():
            here = self._store.directory / pointer.build
            if _is_whole(here, pointer, self._store.engine):
                self._store.switch_to(here)
                return False
            partial = self._store.partial(pointer.build)
            self._bucket.fetch(pointer, partial, self._store.builds())
            try:
                # Opened as if to answer from it: every digest, every count.
                load_build(partial, self._store.engine)
            except IndexMismatch as error:
                raise IndexMismatch(pointer.build, error.what, error.expected, error.found) from error
            self._store.publish(partial)
            return True

    def _refuse(self, known: Followed, mark: str | None, refused: RefusedFetch) -> None:
        if refused != known.refused:
            log.error("Build %s is not taken from %s: %s", refused.build, self._bucket.address, refused.reason)
        if mark != known.mark:
            self._retry_s = _RETRY_FIRST_S
        self._retry_at = self._clock() + self._retry_s * random.uniform(0.8, 1)  # noqa: S311 - no secret
        self._retry_s = min(2 * self._retry_s, _RETRY_LAST_S)
        self._keep(known, mark=mark, refused=refused, refusals=known.refusals + 1)

    def _away(self, known: Followed, error: BucketUnavailable) -> None:
        if known.away is None:
            log.error("%s The Build that answers goes on.", error)
        since = known.away_since or datetime.now(UTC).isoformat(timespec="seconds")
        self._keep(known, away=error.found, away_since=since, failures=known.failures + 1)

    def _answered(self, known: Followed) -> Followed:
        if known.away is None:
            return known
        log.warning("The Builds at %s can be used again", self._bucket.address)
        return self._keep(known, away=None, away_since=None)

    def _known(self) -> Followed:
        known = read_followed(self._store)
        # What was known of another bucket does not apply.
        return known if known.address == self._bucket.address else Followed(address=self._bucket.address)

    def _keep(self, known: Followed, **changes: object) -> Followed:
        """Write what is known now, if any of it is new."""
        now = msgspec.structs.replace(known, **changes)
        if now != known:
            keep_followed(self._store, now)
        return now

    def _is_mine(self) -> bool:
        """Whether this process is the one that follows; it stays so until it ends or calls ``release``."""
        if self._lock is not None:
            return True
        self._store.directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._store.directory / _LOCK_FILE, os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Let another process follow."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _is_whole(build: Path, pointer: Pointer, engine: Engine | None) -> bool:
    """Whether this machine already has a Build, undamaged."""
    try:
        if sha256_of(build / MANIFEST_FILE) != pointer.manifest_sha256:
            return False
        load_build(build, engine)
    except (OSError, IndexMismatch):
        return False
    return True
