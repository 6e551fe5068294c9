"""Log refused sign-ins as counts, so that somebody who tries a thousand names cannot fill the audit log.

The first refusal of its kind is written at once, and the number of others in the minute after it when that minute is
over. A process that ends earlier loses that number, not the fact. Knows nothing of what was typed.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter

from bot.errors import BotError
from bot.storage import audit
from bot.storage.connections import Database

log = logging.getLogger("bot")
TOGETHER_S = 60.0


class Refusals:
    """The refusals of this process in the current minute."""

    def __init__(self, database: Database, together_s: float = TOGETHER_S) -> None:
        self._database = database
        self._together_s = together_s
        self._counting = threading.Lock()
        self._more: Counter[tuple[str, str]] = Counter()

    def note(self, name: str, why: str = "") -> None:
        """Note that somebody was not let in.

        :param name: of the account, or ``audit.NOBODY``
        :raises MemoryUnavailable: if the database cannot be used
        """
        with self._counting:
            begins, is_first = not self._more, (name, why) not in self._more
            self._more[name, why] += 0 if is_first else 1
        if begins:
            timer = threading.Timer(self._together_s, self.write_down)
            timer.daemon = True
            timer.start()
        if is_first:
            self._write(name, why)

    def write_down(self) -> None:
        """Write down how many more there were, and start counting again."""
        with self._counting:
            counted, self._more = self._more, Counter()
        try:
            for (name, why), more in counted.items():
                if more:
                    self._write(name, f"{why + ': ' if why else ''}{more:,} more within a minute")
        except BotError as error:
            log.error("Refused sign-ins could not be written down: %s", error)

    def _write(self, name: str, detail: str) -> None:
        with self._database.statement() as connection:
            audit.write(connection, name, "session.refuse", detail=detail)
