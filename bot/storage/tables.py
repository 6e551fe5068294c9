"""Define the tables of the database, which Alembic's migrations must produce.

Everything that families leave belongs to a turn and is deleted with it, and so are the replies to them: feedback,
opened passages, hand-offs and replies by ``turn_id``, a contact and a code by their hand-off. Words of families are
stored only without personal details, and a contact only sealed (docs/adr/0006-storage.md). Sites and their keys stand
alone: a turn names its site, but outlives it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SQLColumnExpression,
    String,
    Text,
    exists,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

# Named so that a later migration can drop a constraint on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC; SQLite would otherwise lose the time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC.

        :param value: the moment to store, with its time zone
        :raises ValueError: if the moment has no time zone, because it could mean any of 38 moments
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be kept; give it one, such as datetime.UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its time zone, whatever the database made of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class Turn(Base):
    """A turn as stored; the columns are those of ``TurnRecord``, with the trace compressed."""

    __tablename__ = "turn"
    __table_args__ = (
        # Reads the last turns of a conversation in order, which every follow-up needs.
        Index("ix_turn_conversation", "conversation_id", "asked_at", "id"),
        # Counts the turns of a site week by week.
        Index("ix_turn_site", "site", "asked_at"),
        # Covers all that the overview adds up, and finds what should be purged.
        Index("ix_turn_overview", "asked_at", "status", "confidence", "site"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    build: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(64))
    confidence: Mapped[float] = mapped_column(Float)
    site: Mapped[str | None] = mapped_column(String(64))
    feedback_token_hash: Mapped[str | None] = mapped_column(String(128))
    question: Mapped[str | None] = mapped_column(Text)
    understood: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    trace: Mapped[bytes | None] = mapped_column(LargeBinary)


def of_site(site: str | None) -> ColumnElement[bool]:
    """Return the condition for the turns of a site, or of our own pages for ``None``."""
    return Turn.site.is_(None) if site is None else Turn.site == site


class Feedback(Base):
    """The one vote on a turn; ``reasons`` is a JSON list of codes."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("verdict IN ('up', 'down')", name="verdict"),)

    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[str] = mapped_column(Text)
    comment: Mapped[str | None] = mapped_column(Text)
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OpenedPassage(Base):
    """A near passage that the family opened; ``place`` is its index in the answer's ``near``."""

    __tablename__ = "opened_passage"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)


def was_opened(turn_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Return the condition that a family opened a near passage of a turn."""
    return exists().where(OpenedPassage.turn_id == turn_id)


class Handoff(Base):
    """A turn that a person is asked to look at; a turn has at most one open hand-off."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_turn_id", "turn_id"),
        Index(
            "uq_handoff_open",
            "turn_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(16))


class Contact(Base):
    """How a family can be reached about a hand-off, sealed, and apart from everything that it wrote."""

    __tablename__ = "contact"

    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoff.id", ondelete="CASCADE"), primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Reply(Base):
    """A person's reply to a question of a family; replies sent together have the same ``sent_id``."""

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_turn_id", "turn_id"), Index("ix_reply_sent_id", "sent_id"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    sent_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    author_label: Mapped[str] = mapped_column(String(64))
    account_name: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ComeBackCode(Base):
    """The hash of a code by which a family that asked for a person finds its conversation; the code is not stored."""

    __tablename__ = "come_back_code"
    __table_args__ = (Index("ix_come_back_code_handoff_id", "handoff_id", "made_at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoff.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PartnerSite(Base):
    """A partner's site; the columns are the fields of ``bot.sites.site.Site``, lists as JSON."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    origins: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(String(16))
    greeting: Mapped[str | None] = mapped_column(Text)
    accent_light: Mapped[str | None] = mapped_column(String(7))
    accent_dark: Mapped[str | None] = mapped_column(String(7))
    languages: Mapped[str] = mapped_column(Text)
    contact_url: Mapped[str | None] = mapped_column(Text)
    client_per_minute: Mapped[int] = mapped_column(Integer)
    site_per_minute: Mapped[int] = mapped_column(Integer)
    voice: Mapped[bool] = mapped_column(Boolean)
    enabled: Mapped[bool] = mapped_column(Boolean)
    logo: Mapped[str | None] = mapped_column(String(32))


class PartnerLogo(Base):
    """The logo in the header of a site's chat, apart from the site, which is read each second."""

    __tablename__ = "site_logo"
    __table_args__ = (Index("ix_site_logo_digest", "digest"),)

    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class PartnerKey(Base):
    """The hash of a key of a site's own server; the key itself is not stored."""

    __tablename__ = "site_key"
    __table_args__ = (Index("ix_site_key_site_id", "site_id"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used_on: Mapped[date | None] = mapped_column(Date)


class Switch(Base):
    """A switch for all servers at once, on while its row exists; ``closed`` is the only one."""

    __tablename__ = "switch"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AuditEntry(Base):
    """An action of an account. Rows are only ever added: the database itself refuses changes (migration 0001).

    It has no foreign key to the account, so that it outlives it.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_account", "account_name", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    account_name: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(String(128))
    detail: Mapped[str] = mapped_column(Text)
