"""Define the tables of curated answers; Alembic's migrations must result in the same schema.

A curated answer is a row with its versions; the approved one is served, a later one is a draft. Nothing is overwritten.
The clock counts changes of what is served, so that one small query tells each worker whether to read again.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base, UTCDateTime


class Curated(Base):
    """A curated answer; ``approved`` is the number of the version that is served, ``None`` if none is."""

    __tablename__ = "curated"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    latest: Mapped[int] = mapped_column(Integer)
    approved: Mapped[int | None] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class CuratedVersion(Base):
    """One version of a curated answer.

    ``wordings`` and ``tags`` are JSON lists. ``source_id`` and the span are those of a hand-chosen passage, ``None``
    for staff's own words. ``vectors`` are made on approval.
    """

    __tablename__ = "curated_version"

    curated_id: Mapped[str] = mapped_column(ForeignKey("curated.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    wordings: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(String(128))
    source_sha256: Mapped[str | None] = mapped_column(String(64))
    span_start: Mapped[int | None] = mapped_column(Integer)
    span_end: Mapped[int | None] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(String(64))
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    tags: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    vectors: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str | None] = mapped_column(String(64))


class CuratedClock(Base):
    """One row: how often the served answers have changed."""

    __tablename__ = "curated_clock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    tick: Mapped[int] = mapped_column(Integer)
