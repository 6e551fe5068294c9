"""What is remembered of a turn, and the table it is kept in.

In: nothing. Out: ``TurnRecord`` and the table that Alembic's migrations must arrive at. Neither has a place for the
words of a question or an answer: they are not stored until something takes personal details out of them first
(docs/adr/0006-storage.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Dialect, Float, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

# Named so that a later migration can drop a constraint on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One answered question, without its words.

    ``asked_at`` has a time zone. ``confidence`` is in 0..1. ``feedback_token_hash`` is the hash of the token that came
    with the answer; the token itself is never stored. ``site`` is ``None`` for our own pages.
    """

    id: str
    conversation_id: str
    asked_at: datetime
    build: str
    status: str
    confidence: float
    site: str | None = None
    feedback_token_hash: str | None = None


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC; SQLite would otherwise forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment in UTC.

        :param value: the moment to keep, with its zone
        :param dialect: not looked at
        :returns: the same moment in UTC
        :raises ValueError: if the moment has no zone, because it could mean any of 38 moments
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be kept; give it one, such as datetime.UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back with its zone, whatever the database made of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables."""

    metadata = MetaData(naming_convention=NAMES)


class Turn(Base):
    """A turn as it is kept; the columns are those of ``TurnRecord``."""

    __tablename__ = "turn"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    build: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column(Float)
    site: Mapped[str | None] = mapped_column(String(64))
    feedback_token_hash: Mapped[str | None] = mapped_column(String(128))
