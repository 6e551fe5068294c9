"""Give every request the current sites without asking the database each time.

Knows nothing of HTTP.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from bot.errors import MemoryUnavailable
from bot.sites.keys import PREFIX, digest_of
from bot.sites.site import Site
from bot.sites.store import SiteStore, Snapshot

log = logging.getLogger("bot")

# Each request needs its site, and sites change a few times a year: reading at most once a second costs a busy worker
# a thousandth of its time, and a switch takes effect before the person who turned it has looked.
REREAD_AFTER_S = 1.0


class LiveSites:
    """The sites of one database, read again when they are older than a second; shared by threads.

    While the database cannot be read, the last reading holds: families get answers, and a site that was switched off
    stays off. Until the first reading succeeds, our own site is open unless the settings close it, and nothing is known
    of partners' sites.
    """

    def __init__(
        self, store: SiteStore, *, closed: bool = False, reread_after_s: float = REREAD_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """Prepare to read from ``store``; ``closed`` closes the service whatever the database says.

        :param clock: seconds that never go back
        """
        self._store = store
        self._always_closed = closed
        self._reread_after_s = reread_after_s
        self._clock = clock
        self._reading = threading.Lock()
        self._read_at: float | None = None
        self._snapshot: Snapshot | None = None
        self._failing = False
        self._marked: dict[str, date] = {}

    def find(self, site_id: str) -> Site | None:
        """Return a site as it was last read, or ``None`` if there is none with that id.

        :raises MemoryUnavailable: when nothing could be read yet.
        """
        return self._known().sites.get(site_id)

    def logo(self, digest: str) -> bytes | None:
        """Return a logo by its digest, or ``None``; browsers cache it, so the database is seldom asked.

        :raises MemoryUnavailable: when the database cannot be read.
        """
        return self._store.logo(digest)

    def closed(self) -> bool:
        """Say whether no site gives answers."""
        if self._always_closed:
            return True
        now = self._now()
        return now is not None and now.closed

    def owner_of(self, key: str) -> str | None:
        """Return the id of the site that a key belongs to, and record the day on which the key was used.

        :returns: ``None`` for a key that is unknown or has expired.
        :raises MemoryUnavailable: when nothing could be read yet.
        """
        if not key.startswith(PREFIX):
            return None
        found = self._known().keys.get(digest_of(key))
        moment = datetime.now(UTC)
        if found is None or not found.holds_at(moment):
            return None
        if moment.date() not in {found.last_used_on, self._marked.get(found.digest)}:
            self._mark_used(found.digest, moment.date())
        return found.site_id

    def _mark_used(self, digest: str, day: date) -> None:
        self._marked[digest] = day
        try:
            self._store.mark_used(digest, day)
        except MemoryUnavailable as error:
            log.error("The day on which a key was used could not be kept: %s", error.found)

    def _known(self) -> Snapshot:
        now = self._now()
        if now is None:
            raise MemoryUnavailable("sites could not be read yet")
        return now

    def _now(self) -> Snapshot | None:
        # The thread that finds the list old reads it; the others use the old one, except before the first reading.
        first = self._read_at is None
        if (first or self._is_old()) and self._reading.acquire(blocking=first):
            try:
                if self._read_at is None or self._is_old():
                    self._read()
            finally:
                self._reading.release()
        return self._snapshot

    def _is_old(self) -> bool:
        return self._read_at is None or self._clock() - self._read_at >= self._reread_after_s

    def _read(self) -> None:
        try:
            self._snapshot = self._store.snapshot()
            self._failing = False
        except MemoryUnavailable as error:
            # Logged once, not every second.
            if not self._failing:
                log.error("Sites could not be read; those read last hold: %s", error.found)
            self._failing = True
        self._read_at = self._clock()
