"""Define the tables of people who work in the console; Alembic's migrations must result in the same schema.

Secrets of people are never kept as they are: passwords as Argon2 hashes, session tokens as SHA-256, second factors
sealed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.tables import Base, UTCDateTime


class Account(Base):
    """Somebody who may sign in.

    ``folded`` is the name as it is compared, ``used_step`` the time step of the last code, ``oidc_subject`` who they
    are for the deployment's own sign-in.
    """

    __tablename__ = "staff_account"
    __table_args__ = (Index("uq_staff_account_oidc_subject", "oidc_subject", unique=True),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    folded: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(256))
    must_change: Mapped[bool] = mapped_column(Boolean)
    disabled: Mapped[bool] = mapped_column(Boolean)
    second_factor: Mapped[bytes | None] = mapped_column(LargeBinary)
    used_step: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    oidc_subject: Mapped[str | None] = mapped_column(String(255))


class RecoveryCode(Base):
    """A code that replaces that of a lost app once; only its hash is kept."""

    __tablename__ = "staff_recovery_code"

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Session(Base):
    """A signed-in browser; whoever has the token with this hash acts as the account."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_account_id", "account_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"))
    browser: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Attempt(Base):
    """Failed attempts with a name, whether anybody has that name or not; the name itself is not kept."""

    __tablename__ = "staff_attempt"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    free_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Secret(Base):
    """The one secret that all workers share when the deployment gives none."""

    __tablename__ = "staff_secret"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(128))
