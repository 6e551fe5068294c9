"""Sites as they are now, for every request, without asking the database for each.

In: what reads them. Out: sites, whose a key is, whether the service is closed. It must not know HTTP.
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

# Each request needs its site, and a change is made a few times a year: reading at most once a second costs a busy
# worker a thousandth of its time, and a switch that is turned works before whoever turned it has looked.
REREAD_AFTER_S = 1.0


class LiveSites:
    """The sites of one database, read again when they are older than a second; threads share it.

    While the database cannot be read, what was read last holds: a family gets its answer, and a site that was
    switched off stays off. Before it could be read even once, our own site is open, unless the settings close it, and
    of partners' sites nothing is known.
    """

    def __init__(
        self, store: SiteStore, *, closed: bool = False, reread_after_s: float = REREAD_AFTER_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """``closed`` closes the service whatever the database says.

        :param clock: gives seconds that only go on
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
        """Return a site, ``None`` if there is none with that id.

        :returns: as it was read last.
        :raises MemoryUnavailable: when nothing could be read yet.
        """
        return self._known().sites.get(site_id)

    def logo(self, digest: str) -> bytes | None:
        """Return a logo by its name, ``None`` when no site has it. Browsers keep it, so it is seldom asked for.

        :raises MemoryUnavailable: when the database cannot be read.
        """
        return self._store.logo(digest)

    def closed(self) -> bool:
        """Return whether no answers are to be given on any site."""
        if self._always_closed:
            return True
        now = self._now()
        return now is not None and now.closed

    def owner_of(self, key: str) -> str | None:
        """Return the id of the site whose key it is, and keep the day on which it was used.

        :returns: ``None`` for a key that is not known, or not good any more.
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
        # Whoever finds the list old reads it; the others go on with the old one meanwhile, except at the beginning.
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
            # Said once, and not each second.
            if not self._failing:
                log.error("Sites could not be read; those read last hold: %s", error.found)
            self._failing = True
        self._read_at = self._clock()
