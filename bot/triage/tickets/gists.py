"""Find the ticket that asks the same as a question, and the tickets near a search, by their vectors.

Each worker keeps the vectors in memory and reads only what has changed since it last looked. Knows nothing of what a
question says.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from bot.answering.gist import Gist
from bot.triage.tickets.tables import Ticket

Floats = NDArray[np.float32]

# Run "tickets" (tests/triage/test_clusters.py): 130 questions in 40 groups among 300 others, in random orders. Chosen
# on every other group: an adjusted Rand index of .82 there, .85 on the rest, .81 on all. The encoder's plain vectors
# reach at best .74 on all.
SAME = 0.425
# That set has questions of 5 to 10 words. A message that tells a story is near others that share its sisters, Mondays
# and needles: of 260 such questions, all different, 52 joined some ticket by the rule above. About 46 of the pairs were
# read; most below 0.55 asked something else. With this limit 13 join, on the questions it was chosen on.
SAME_LONG = 0.55
LONG_WORDS = 12
# A search is a word or two; anything less near than this reads as something else.
_NEAR = 0.3


class Gists:
    """The vectors of all tickets that can be joined, shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tick = -1
        self._ids: list[str] = []
        self._place: dict[str, int] = {}
        self._sites: list[str | None] = []
        self._models: list[str] = []
        self._rows: Floats = np.zeros((0, 0), dtype=np.float32)

    def same(self, gist: Gist, site: str | None, connection: Connection) -> str | None:
        """Return the id of the ticket that asks the same, if there is one; it may have been removed since."""
        found, enough = self._nearest(gist, connection), nearness_of_same(gist)
        return next((ticket for ticket, near, where in found if near >= enough and where == site), None)

    def near(self, gist: Gist, connection: Connection, *, limit: int) -> list[str]:
        """Return the tickets near a search, the nearest first."""
        found = self._nearest(gist, connection)
        return [ticket for ticket, near, _ in found if near >= _NEAR][:limit]

    def forget(self, ticket_id: str) -> None:
        """Leave out a ticket that no longer exists."""
        with self._lock:
            place = self._place.pop(ticket_id, None)
            if place is not None:
                self._models[place] = ""

    def read_again(self) -> None:
        """Start over, because what was read in a transaction that was rolled back is not true."""
        with self._lock:
            self._tick, self._ids, self._place, self._sites, self._models = -1, [], {}, [], []

    def _nearest(self, gist: Gist, connection: Connection) -> list[tuple[str, float, str | None]]:
        with self._lock:
            self._refresh(connection)
            if not self._ids or self._rows.shape[1] != len(gist.vector):
                return []
            cosines = self._rows[: len(self._ids)] @ gist.vector
            order = np.argsort(-cosines, kind="stable")[:200].tolist()
            return [(self._ids[i], float(cosines[i]), self._sites[i]) for i in order if self._models[i] == gist.model]

    def _refresh(self, connection: Connection) -> None:
        columns = (Ticket.id, Ticket.site, Ticket.askings, Ticket.gist, Ticket.gist_model, Ticket.tick)
        changed = connection.execute(
            select(*columns).where(Ticket.tick > self._tick, Ticket.gist.is_not(None)).order_by(Ticket.tick)
        ).all()
        for ticket_id, site, askings, gist, model, tick in changed:
            # The mean over its askings, not normalised: its product is a question's average nearness to all of them.
            assert gist is not None
            assert model is not None
            self._put(ticket_id, site, np.divide(vector_of(gist), max(askings, 1), dtype=np.float32), model)
            self._tick = tick

    def _put(self, ticket_id: str, site: str | None, vector: Floats, model: str) -> None:
        if self._rows.shape[1] != len(vector):
            # Another model: vectors of the old one cannot be compared with new ones.
            self._ids, self._place, self._sites, self._models = [], {}, [], []
            self._rows = np.zeros((64, len(vector)), dtype=np.float32)
        place = self._place.get(ticket_id)
        if place is None:
            place = self._place[ticket_id] = len(self._ids)
            self._ids.append(ticket_id)
            self._sites.append(site)
            self._models.append(model)
            if place == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[place] = vector
        self._models[place] = model


def nearness_of_same(gist: Gist) -> float:
    """Return how near a ticket must be to ask the same as a question, as a cosine."""
    return SAME_LONG if gist.words > LONG_WORDS else SAME


def vector_of(kept: bytes) -> Floats:
    """Return a stored vector."""
    return np.frombuffer(kept, dtype=np.float32)


def kept(vector: Floats) -> bytes:
    """Return a vector as it is stored."""
    return np.ascontiguousarray(vector, dtype=np.float32).tobytes()
