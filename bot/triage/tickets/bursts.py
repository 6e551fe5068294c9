"""Urgent messages of one network -> the one ticket that holds them, once they come by the dozen.

Somebody who writes a hundred cries for help in a second, each in a conversation of its own, must not bury the one of
somebody else under a hundred tickets. The first few stay by themselves: behind one address there may be a whole
hospital. Names of networks are of this process and gone with it. It must not know tables.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

# So many urgent tickets a network may begin in so long; what comes above joins the last of them.
APART = 3
WITHIN_S = 600.0
_MOST_NETWORKS = 10_000


class Bursts:
    """The urgent tickets that each network has begun lately; used by one thread at a time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[str, deque[tuple[float, str]]] = OrderedDict()

    def ticket_of(self, caller: str | None) -> str | None:
        """Return the id of the ticket that a further urgent message of a network belongs to.

        :param caller: the name of the network, if it is known
        :returns: ``None`` while it may begin one of its own
        """
        if caller is None or caller not in self._begun:
            return None
        begun = self._begun[caller]
        while begun and begun[0][0] < self._clock() - WITHIN_S:
            begun.popleft()
        return begun[-1][1] if len(begun) >= APART else None

    def note(self, caller: str | None, ticket_id: str) -> None:
        """Remember that a network has begun an urgent ticket."""
        if caller is None:
            return
        self._begun.setdefault(caller, deque(maxlen=APART)).append((self._clock(), ticket_id))
        self._begun.move_to_end(caller)
        if len(self._begun) > _MOST_NETWORKS:
            self._begun.popitem(last=False)
