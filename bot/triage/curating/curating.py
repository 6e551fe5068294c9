"""Turn drafts into approved answers, keep every version, and log every step.

Returns a refusal where somebody else was faster. Knows nothing of HTTP or of how questions are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, update

from bot.storage import audit
from bot.storage.connections import Database
from bot.triage.curating.draft import Chosen, Draft
from bot.triage.curating.tables import Curated, CuratedClock, CuratedVersion
from bot.triage.people.account import Staff
from bot.triage.telling.outbox import tell

_ID_BYTES = 8
Refusal = Literal["unknown", "conflict", "own_words", "nothing_new"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a curated answer."""

    number: int
    draft: Draft
    made_by: str
    made_at: datetime
    approved_by: str | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class CuratedRow:
    """A curated answer as the list shows it, with its latest version; ``approved`` is the number of the served one."""

    id: str
    latest: Version
    approved: int | None
    is_retired: bool
    changed_at: datetime

    @property
    def state(self) -> str:
        """``retired``, ``draft``, ``approved``, or ``edited`` when a version is served and a later one is a draft."""
        if self.is_retired:
            return "retired"
        if self.approved is None:
            return "draft"
        return "approved" if self.approved == self.latest.number else "edited"


class Curating:
    """The curated answers of one database. With ``four_eyes``, nobody approves what they wrote themselves."""

    def __init__(self, database: Database, *, four_eyes: bool = True) -> None:
        self._database = database
        self._four_eyes = four_eyes

    def is_own(self, row: CuratedRow, who: Staff) -> bool:
        """Whether somebody wrote the latest version themselves, so that another person has to approve it."""
        return self._four_eyes and row.latest.made_by == who.name

    def rivals(self, row: CuratedRow) -> Sequence[CuratedRow]:
        """Return the other served answers that share a wording with the latest version."""
        asked = {wording.casefold() for wording in row.latest.draft.wordings}
        given = select(CuratedVersion, Curated.id, Curated.approved, Curated.retired, Curated.changed_at).join(
            Curated, (Curated.id == CuratedVersion.curated_id) & (Curated.approved == CuratedVersion.number)
        )
        with self._database.statement() as connection:
            others = [_row(found) for found in connection.execute(given.where(Curated.id != row.id))]
        return [one for one in others if not asked.isdisjoint(word.casefold() for word in one.latest.draft.wordings)]

    def begin(self, draft: Draft, *, by: Staff) -> str:
        """Keep a first draft and return its random id: a wording may be a family's, and the log keeps ids.

        :param draft: tidied, and within the limits
        """
        curated_id = f"answer-{token_hex(_ID_BYTES)}"
        now = datetime.now(UTC)
        row = {"id": curated_id, "latest": 1, "approved": None, "retired": False, "changed_at": now}
        with self._database.transaction() as connection:
            connection.execute(insert(Curated), row)
            _add_version(connection, curated_id, 1, draft, by, now)
            audit.write(connection, by.name, "curated.draft", object=curated_id, detail="version 1")
        return curated_id

    def edit(self, curated_id: str, seen: int, draft: Draft, *, by: Staff) -> int | Refusal:
        """Keep another version, which is served once it is approved.

        :param seen: the version that was edited
        :param draft: tidied, and within the limits
        :returns: its number; ``conflict`` if somebody else edited it in the meantime
        """
        now = datetime.now(UTC)
        with self._database.transaction() as connection:
            claimed = connection.execute(
                update(Curated)
                .where(Curated.id == curated_id, Curated.latest == seen)
                .values(latest=seen + 1, retired=False, changed_at=now)
            )
            if claimed.rowcount == 0:
                return _why_not(connection, curated_id)
            _add_version(connection, curated_id, seen + 1, draft, by, now)
            audit.write(connection, by.name, "curated.draft", object=curated_id, detail=f"version {seen + 1}")
        return seen + 1

    def approve(
        self, curated_id: str, seen: int, vectors: NDArray[np.float32], model: str, *, by: Staff
    ) -> int | Refusal:
        """Give a version to families from now on.

        :param seen: the version that was looked at, which must be the latest
        :param vectors: (wordings, 2, d) float32, of its wordings
        :returns: its number; ``own_words`` if they wrote it and somebody else has to approve it
        """
        now = datetime.now(UTC)
        of_version = (CuratedVersion.curated_id == curated_id, CuratedVersion.number == seen)
        with self._database.transaction() as connection:
            made_by = connection.execute(select(CuratedVersion.made_by).where(*of_version)).scalar()
            if made_by is None:
                return "unknown"
            if self._four_eyes and made_by == by.name:
                return "own_words"
            claimed = connection.execute(
                update(Curated)
                .where(Curated.id == curated_id, Curated.latest == seen)
                .values(approved=seen, retired=False, changed_at=now)
            )
            if claimed.rowcount == 0:
                return "conflict"
            kept = {"approved_by": by.name, "approved_at": now, "model": model}
            packed = np.ascontiguousarray(vectors, dtype="<f4").tobytes()
            connection.execute(update(CuratedVersion).where(*of_version).values(**kept, vectors=packed))
            _turn_clock(connection)
            audit.write(connection, by.name, "curated.approve", object=curated_id, detail=f"version {seen}")
            tell(connection, "answer.approved", [curated_id])
        return seen

    def retire(self, curated_id: str, *, by: Staff) -> bool:
        """Stop giving an answer; it stays, with its versions.

        :returns: false if it is unknown or already retired
        """
        served = (Curated.id == curated_id, Curated.retired.is_(False))
        values = {"approved": None, "retired": True, "changed_at": datetime.now(UTC)}
        with self._database.transaction() as connection:
            if connection.execute(update(Curated).where(*served).values(**values)).rowcount == 0:
                return False
            _turn_clock(connection)
            audit.write(connection, by.name, "curated.retire", object=curated_id)
        return True

    def discard(self, curated_id: str, seen: int, *, by: Staff) -> bool:
        """Make the approved version the latest again; false if there is no later edit, or a newer one than was seen."""
        now, edited = datetime.now(UTC), (Curated.id == curated_id, Curated.latest == seen)
        with self._database.transaction() as connection:
            of_live = (CuratedVersion.curated_id == Curated.id) & (CuratedVersion.number == Curated.approved)
            query = select(CuratedVersion).join(Curated, of_live).where(*edited, Curated.approved < seen)
            live = connection.execute(query).mappings().first()
            if live is None:
                return False
            again = {**live, "number": seen + 1, "made_by": by.name, "made_at": now}
            connection.execute(insert(CuratedVersion), again)
            values = {"latest": seen + 1, "approved": seen + 1, "changed_at": now}
            connection.execute(update(Curated).where(*edited).values(**values))
            _turn_clock(connection)
            audit.write(connection, by.name, "curated.discard", object=curated_id, detail=f"version {seen}")
        return True

    def all(self) -> Sequence[CuratedRow]:
        """Return all curated answers with their latest versions, the most recently changed first."""
        with self._database.statement() as connection:
            return [_row(row) for row in connection.execute(_ROWS.order_by(Curated.changed_at.desc()))]

    def one(self, curated_id: str) -> CuratedRow | None:
        """Return a curated answer, ``None`` if there is none."""
        with self._database.statement() as connection:
            row = connection.execute(_ROWS.where(Curated.id == curated_id)).first()
        return None if row is None else _row(row)

    def versions(self, curated_id: str) -> Sequence[Version]:
        """Return the versions of a curated answer, the latest first."""
        query = (
            select(CuratedVersion).where(CuratedVersion.curated_id == curated_id).order_by(CuratedVersion.number.desc())
        )
        with self._database.statement() as connection:
            return [version_of(row) for row in connection.execute(query)]


_ROWS = select(CuratedVersion, Curated.id, Curated.approved, Curated.retired, Curated.changed_at).join(
    Curated, (Curated.id == CuratedVersion.curated_id) & (Curated.latest == CuratedVersion.number)
)


def version_of(row: Any) -> Version:
    """Return a version from its row."""
    chosen = None
    if row.source_id is not None:
        chosen = Chosen(row.source_id, row.source_sha256, (row.span_start, row.span_end))
    wordings, tags = (tuple(msgspec.json.decode(text, type=list[str])) for text in (row.wordings, row.tags))
    draft = Draft(wordings, row.text, row.author, row.reviewed_on, tags, chosen)
    return Version(row.number, draft, row.made_by, row.made_at, row.approved_by, row.approved_at)


def _row(row: Any) -> CuratedRow:
    return CuratedRow(row.id, version_of(row), row.approved, row.retired, row.changed_at)


def _add_version(
    connection: Connection, curated_id: str, number: int, draft: Draft, by: Staff, now: datetime
) -> None:  # fmt: skip
    chosen = draft.chosen
    values: dict[str, str | int | date | datetime | None] = {
        "curated_id": curated_id,
        "number": number,
        "wordings": msgspec.json.encode(draft.wordings).decode(),
        "text": draft.text,
        "source_id": chosen.source_id if chosen else None,
        "source_sha256": chosen.sha256 if chosen else None,
        "span_start": chosen.span[0] if chosen else None,
        "span_end": chosen.span[1] if chosen else None,
        "author": draft.author,
        "reviewed_on": draft.reviewed_on,
        "tags": msgspec.json.encode(draft.tags).decode(),
        "made_by": by.name,
        "made_at": now,
    }
    connection.execute(insert(CuratedVersion), values)


def _turn_clock(connection: Connection) -> None:
    connection.execute(update(CuratedClock).values(tick=CuratedClock.tick + 1))


def _why_not(connection: Connection, curated_id: str) -> Refusal:
    known = connection.execute(select(Curated.id).where(Curated.id == curated_id)).first()
    return "unknown" if known is None else "conflict"
