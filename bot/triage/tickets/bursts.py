"""Gather the urgent messages of one network in one ticket once there are many.

Somebody who writes a hundred cries for help in a second, each in a conversation of its own, must not bury somebody
else's under a hundred tickets. The first few stay separate: behind one address there may be a whole hospital. The names
of networks exist only in this process. Knows nothing of tables.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

# How many urgent tickets a network may begin within this time; further messages join the last of them.
APART = 3
WITHIN_S = 600.0
_MOST_NETWORKS = 10_000


class Bursts:
    """The urgent tickets that each network began lately; used by one thread at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[str, deque[tuple[float, str]]] = OrderedDict()

    def ticket_of(self, caller: str | None) -> str | None:
        """Return the id of the ticket for a network's next urgent message, ``None`` if it may begin its own.

        :param caller: the name of the network, if it is known
        """
        if caller is None or caller not in self._begun:
            return None
        begun = self._begun[caller]
        while begun and begun[0][0] < self._clock() - WITHIN_S:
            begun.popleft()
        return begun[-1][1] if len(begun) >= APART else None

    def note(self, caller: str | None, ticket_id: str) -> None:
        """Remember that a network began an urgent ticket."""
        if caller is None:
            return
        self._begun.setdefault(caller, deque(maxlen=APART)).append((self._clock(), ticket_id))
        self._begun.move_to_end(caller)
        if len(self._begun) > _MOST_NETWORKS:
            self._begun.popitem(last=False)
