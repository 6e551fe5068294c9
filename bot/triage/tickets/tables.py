"""Define the tables of tickets; Alembic's migrations must result in the same schema.

A ticket holds no words of a family: it shows those of its askings' turns, and is removed with the last of them (a
trigger of migration 0001 counts them), so that removing a conversation also removes it here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base, UTCDateTime


class Ticket(Base):
    """What all who ask the same need.

    ``priority`` is 0 for urgent to 3 for low. ``version`` counts what staff changed; ``tick`` is the clock's when
    anything changed. ``gist`` is the sum of its askings' vectors (float32).
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_queue", "status", "priority", "due_at", "id"),
        Index("ix_ticket_tick", "tick"),
        Index("ix_ticket_assignee_id", "assignee_id"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    site: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(32))
    askings: Mapped[int] = mapped_column(Integer)
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff_account.id", ondelete="SET NULL"))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(Integer)
    tick: Mapped[int] = mapped_column(Integer)
    gist: Mapped[bytes | None] = mapped_column(LargeBinary)
    gist_model: Mapped[str | None] = mapped_column(String(64))


class Asking(Base):
    """A turn that began a ticket, or that asks the same; ``reasons`` are codes separated by commas."""

    __tablename__ = "asking"
    __table_args__ = (Index("ix_asking_ticket", "ticket_id", "asked_at"),)

    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    reasons: Mapped[str] = mapped_column(String(128))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TicketLabel(Base):
    """A word that staff put on a ticket."""

    __tablename__ = "ticket_label"
    __table_args__ = (Index("ix_ticket_label_label", "label"),)

    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(32), primary_key=True)


class TicketEvent(Base):
    """Something that happened to a ticket; private notes are events too."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)


class SavedView(Base):
    """A filter that somebody keeps under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_account_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    query: Mapped[str] = mapped_column(Text)


class CannedReply(Base):
    """A text that staff need again and again."""

    __tablename__ = "canned_reply"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class Unsent(Base):
    """What somebody typed and has not sent.

    ``fields`` is JSON, ``place`` where it was typed. What was typed about a ticket is removed with it.
    """

    __tablename__ = "unsent"
    __table_args__ = (Index("ix_unsent_ticket_id", "ticket_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(String(128), primary_key=True)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fields: Mapped[str] = mapped_column(Text)


class Presence(Base):
    """Somebody who has a ticket open just now; for each account only the last."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_ticket_id", "ticket_id"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_typing: Mapped[bool] = mapped_column(Boolean)


class Undo(Base):
    """What tickets were before somebody changed them; ``was`` is JSON, with nobody's words except labels."""

    __tablename__ = "undo"
    __table_args__ = (Index("ix_undo_account_id", "account_id", "made_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    was: Mapped[str] = mapped_column(Text)


class QueueClock(Base):
    """One row: how often anything changed in the queue. Whoever changes something locks it until they commit."""

    __tablename__ = "queue_clock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    tick: Mapped[int] = mapped_column(Integer)
