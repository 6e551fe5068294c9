"""Move Builds between machines: push them from where they are made, and follow them where they are served."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from bot.errors import IndexUnavailable
from bot.indexing.bucket import Bucket, Pointer
from bot.indexing.following import Follower
from bot.indexing.store import BuildStore
from bot.settings import Settings
from bot.wiring.builds import store_of

log = logging.getLogger("bot")
# A stat of the local pointer, by which all workers of a machine change soon after the one that fetched the Build.
_LOOK_EVERY_S = 0.5


def push_build(settings: Settings) -> Pointer | None:
    """Put the current Build where other machines fetch it, and point them to it.

    :returns: the pointer; ``None`` where Builds are not shared.
    :raises BucketUnavailable: when it could not be put there.
    :raises IndexUnavailable: when there is none here.
    """
    if not settings.builds:
        return None
    store = store_of(settings)
    build = store.pointed()
    if build is None:
        raise IndexUnavailable(str(store.directory), "there is none that could be pushed")
    return Bucket(settings.builds).push(build, keep=settings.keep_builds)


def pull_build(settings: Settings) -> Pointer:
    """Fetch the Build that is pointed to, and make it the current one here.

    :raises BucketUnavailable: when it could not be fetched.
    :raises IndexUnavailable: when nothing was pushed yet.
    """
    return Follower(Bucket(settings.builds), store_of(settings)).pull()


def builds_there(settings: Settings) -> tuple[list[str], str | None]:
    """Return the Builds that other machines can fetch.

    :returns: their names, oldest first, and the one that is pointed to; none where Builds are not shared.
    :raises BucketUnavailable: when the bucket does not answer.
    """
    if not settings.builds:
        return [], None
    bucket = Bucket(settings.builds)
    pointer = bucket.pointer()
    return bucket.names(), None if pointer is None else pointer.build


def fetch_first(settings: Settings) -> None:
    """Fetch a Build for a machine that has none to serve.

    Runs in a process of its own, because a bucket's client has threads, which workers forked later would lose.

    :raises IndexUnavailable: when none could be fetched; it says why.
    """
    words = [sys.executable, "-m", "bot", "builds", "pull", "--index", str(settings.index)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2].removeprefix("Error: ")
        raise IndexUnavailable(str(settings.index), f"none could be fetched either. {reason}")
    log.info("A first Build came from %s", settings.builds)


class Watch:
    """A thread of each worker that follows the bucket and checks the index folder."""

    def __init__(self, settings: Settings, store: BuildStore, look: Callable[[], None]) -> None:
        self._follower = Follower(Bucket(settings.builds), store)
        self._every_s = settings.builds_every_s
        self._look = look
        self._ended = threading.Event()
        self._said = ""

    def start(self) -> None:
        """Begin; only in a process that no longer forks."""
        threading.Thread(target=self._run, name=f"follow-builds-{os.getpid()}", daemon=True).start()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._ended.wait(max(0.0, min(_LOOK_EVERY_S, due - time.monotonic()))):
            if time.monotonic() >= due:
                self._guarded(self._follower.follow)
                # Spreads the machines out, even if they were started together.
                due = time.monotonic() + self._every_s * random.uniform(0.75, 1)  # noqa: S311 - no secret
            self._guarded(self._look)

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - a thread that ends would never follow again
            said = f"{type(error).__name__}: {error}"
            if said != self._said:
                log.error("Following the Builds failed with %s", said)
            self._said = said
