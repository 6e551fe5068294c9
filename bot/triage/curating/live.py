"""Keep approved answers current for every question without a database query for each.

Knows nothing of how questions are compared.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from bot.answering.curated import CuratedAnswer
from bot.errors import MemoryUnavailable
from bot.records import sha256_of
from bot.storage.connections import Database
from bot.triage.curating.curating import version_of
from bot.triage.curating.draft import Draft, source_of
from bot.triage.curating.tables import Curated, CuratedClock, CuratedVersion

log = logging.getLogger("bot")
# So that an approved answer is given within a second; a one-row query twice a second costs a busy worker nothing.
LOOK_EVERY_S = 0.5
# While the database is down, families do not wait for it again and again.
_LOOK_AFTER_FAULT_S = 10.0
Vectors = Callable[[str], NDArray[np.float32]]


class LiveCurated:
    """The approved answers of one database, shared by threads. While it cannot be read, the last ones are served."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._reading = threading.Lock()
        self._look_at = -math.inf
        self._seen: tuple[int | None, str] | None = None
        self._entries: Sequence[CuratedAnswer] = ()

    def entries(self, wording_vectors: Vectors, model: str) -> Sequence[CuratedAnswer]:
        """Return the approved answers.

        :param wording_vectors: makes vectors for answers whose own are from another model
        :returns: the same object again while nothing has changed
        """
        now = self._clock()
        fresh = now < self._look_at
        # One thread reads; the others go on with what there is.
        if not fresh and self._reading.acquire(blocking=False):
            try:
                self._look_at = now + LOOK_EVERY_S
                self._read(wording_vectors, model)
            except MemoryUnavailable as error:
                log.error("Approved answers cannot be read, the last ones hold: %s", error.found)
                self._look_at = now + _LOOK_AFTER_FAULT_S
            finally:
                self._reading.release()
        return self._entries

    def _read(self, wording_vectors: Vectors, model: str) -> None:
        with self._database.statement() as connection:
            tick = connection.execute(select(CuratedClock.tick)).scalar()
            if (tick, model) == self._seen:
                return
            rows = connection.execute(_APPROVED).all()
        self._entries = [_entry(row, wording_vectors, model) for row in rows]
        self._seen = (tick, model)


_APPROVED = (
    select(CuratedVersion)
    .join(Curated, (Curated.id == CuratedVersion.curated_id) & (Curated.approved == CuratedVersion.number))
    .order_by(CuratedVersion.approved_at, CuratedVersion.curated_id)
)


def entry_of(curated_id: str, draft: Draft, vectors: NDArray[np.float32]) -> CuratedAnswer:
    """Return a draft as it would be served.

    :param vectors: (wordings, 2, d) float32, of its wordings
    """
    chosen, source = draft.chosen, source_of(curated_id, draft)
    if chosen is not None:
        place = (chosen.source_id, chosen.sha256, chosen.span)
    else:
        place = (curated_id, sha256_of(draft.text), (0, len(draft.text)))
    return CuratedAnswer(curated_id, source, *place, draft.wordings, vectors, draft.tags)


def _entry(row: Any, wording_vectors: Vectors, model: str) -> CuratedAnswer:
    draft = version_of(row).draft
    if row.model != model or not row.vectors:
        # A Build with another model came since: the old model's vectors cannot be compared with its vectors.
        return entry_of(row.curated_id, draft, vectors_of(draft, wording_vectors))
    kept = np.frombuffer(row.vectors, dtype="<f4").reshape(len(draft.wordings), 2, -1)
    return entry_of(row.curated_id, draft, kept)


def vectors_of(draft: Draft, wording_vectors: Vectors) -> NDArray[np.float32]:
    """Return the vectors that the wordings of a draft are compared by: (wordings, 2, d) float32."""
    return np.stack([wording_vectors(wording) for wording in draft.wordings])
