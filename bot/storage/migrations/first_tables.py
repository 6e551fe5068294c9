"""Define the tables as migration 0001 creates them; later migrations never change this file."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.storage.tables import NAMES

TABLES = sa.MetaData(naming_convention=NAMES)
_ID = sa.String(64)
_MOMENT = sa.DateTime(timezone=True)
_OPEN = sa.text("status = 'open'")


def _needed(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _optional(kind: Any, *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _table(name: str, *columns: Any) -> sa.Table:
    return sa.Table(name, TABLES, *columns)


def _goes_with(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")


_table(
    "turn",
    sa.Column("id", _ID, primary_key=True),
    *_needed(_ID, "conversation_id"),
    *_needed(_MOMENT, "asked_at"),
    *_needed(_ID, "build", "status"),
    *_needed(sa.Float, "confidence"),
    *_optional(_ID, "site"),
    *_optional(sa.String(128), "feedback_token_hash"),
    *_optional(sa.Text, "question", "understood", "answer"),
    *_optional(sa.LargeBinary, "trace"),
    sa.Index("ix_turn_conversation", "conversation_id", "asked_at", "id"),
    sa.Index("ix_turn_overview", "asked_at", "status", "confidence", "site"),
    sa.Index("ix_turn_site", "site", "asked_at"),
)
_table(
    "feedback",
    sa.Column("turn_id", _ID, _goes_with("turn.id"), primary_key=True),
    *_needed(sa.String(8), "verdict"),
    *_needed(sa.Text, "reasons"),
    *_optional(sa.Text, "comment"),
    *_needed(_MOMENT, "given_at"),
    sa.CheckConstraint("verdict IN ('up', 'down')", name="verdict"),
)
_table(
    "opened_passage",
    sa.Column("turn_id", _ID, _goes_with("turn.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    *_needed(_MOMENT, "opened_at"),
)
_table(
    "handoff",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("turn_id", _ID, _goes_with("turn.id"), index=True, nullable=False),
    *_optional(sa.Text, "note"),
    *_needed(_MOMENT, "created_at"),
    *_needed(sa.String(16), "status"),
    sa.Index("uq_handoff_open", "turn_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)
_table(
    "contact",
    sa.Column("handoff_id", _ID, _goes_with("handoff.id"), primary_key=True),
    *_needed(sa.LargeBinary, "ciphertext"),
)
_table(
    "reply",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("turn_id", _ID, _goes_with("turn.id"), index=True, nullable=False),
    sa.Column("sent_id", _ID, index=True, nullable=False),
    *_needed(sa.Text, "text"),
    *_needed(_ID, "author_label", "account_name"),
    *_needed(_MOMENT, "written_at"),
    *_optional(_MOMENT, "seen_at"),
)
_table(
    "come_back_code",
    sa.Column("digest", _ID, primary_key=True),
    sa.Column("handoff_id", _ID, _goes_with("handoff.id"), nullable=False),
    *_needed(_MOMENT, "made_at"),
    sa.Index("ix_come_back_code_handoff_id", "handoff_id", "made_at"),
)
_table(
    "site",
    sa.Column("id", _ID, primary_key=True),
    *_needed(sa.Text, "name", "origins", "tags"),
    *_needed(sa.String(16), "country"),
    *_optional(sa.Text, "greeting"),
    *_optional(sa.String(7), "accent_light", "accent_dark"),
    *_needed(sa.Text, "languages"),
    *_optional(sa.Text, "contact_url"),
    *_needed(sa.Integer, "client_per_minute", "site_per_minute"),
    *_needed(sa.Boolean, "voice", "enabled"),
    *_optional(sa.String(32), "logo"),
)
_table(
    "site_logo",
    sa.Column("site_id", _ID, _goes_with("site.id"), primary_key=True),
    sa.Column("digest", sa.String(32), index=True, nullable=False),
    *_needed(sa.LargeBinary, "content"),
)
_table(
    "site_key",
    sa.Column("digest", _ID, primary_key=True),
    sa.Column("site_id", _ID, _goes_with("site.id"), index=True, nullable=False),
    *_needed(_MOMENT, "made_at"),
    *_optional(_MOMENT, "expires_at"),
    *_optional(sa.Date, "last_used_on"),
)
_table("switch", sa.Column("name", sa.String(32), primary_key=True), *_needed(_MOMENT, "set_at"))
_table(
    "staff_account",
    sa.Column("id", _ID, primary_key=True),
    *_needed(_ID, "name"),
    sa.Column("folded", _ID, unique=True, nullable=False),
    *_needed(sa.String(16), "role"),
    *_needed(sa.String(256), "password_hash"),
    *_needed(sa.Boolean, "must_change", "disabled"),
    *_optional(sa.LargeBinary, "second_factor"),
    *_optional(sa.Integer, "used_step"),
    *_needed(_MOMENT, "created_at"),
    *_optional(sa.String(255), "oidc_subject"),
    sa.Index("uq_staff_account_oidc_subject", "oidc_subject", unique=True),
)
_table(
    "staff_recovery_code",
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), primary_key=True),
    sa.Column("code_hash", _ID, primary_key=True),
)
_table(
    "staff_session",
    sa.Column("token_hash", _ID, primary_key=True),
    sa.Column("id", _ID, unique=True, nullable=False),
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), index=True, nullable=False),
    *_needed(_ID, "browser"),
    *_needed(_MOMENT, "begun_at", "seen_at"),
)
_table(
    "staff_attempt",
    sa.Column("name_hash", _ID, primary_key=True),
    *_needed(sa.Integer, "failures"),
    sa.Column("last_at", _MOMENT, index=True, nullable=False),
    *_needed(_MOMENT, "free_at"),
)
_table(
    "staff_secret",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    *_needed(sa.String(128), "value"),
)
_table(
    "audit",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", _MOMENT, index=True, nullable=False),
    *_needed(_ID, "account_name", "action"),
    *_needed(sa.String(128), "object"),
    *_needed(sa.Text, "detail"),
    sa.Index("ix_audit_account", "account_name", "id"),
)
_table(
    "ticket",
    sa.Column("id", _ID, primary_key=True),
    *_optional(_ID, "site"),
    *_needed(sa.String(16), "status"),
    *_needed(sa.Integer, "priority"),
    *_needed(sa.String(32), "reason"),
    *_needed(sa.Integer, "askings"),
    sa.Column("assignee_id", _ID, sa.ForeignKey("staff_account.id", ondelete="SET NULL"), index=True),
    *_needed(_MOMENT, "due_at"),
    *_optional(_MOMENT, "snoozed_until"),
    *_needed(_MOMENT, "created_at", "asked_at"),
    *_needed(sa.Integer, "version"),
    sa.Column("tick", sa.Integer, index=True, nullable=False),
    *_optional(sa.LargeBinary, "gist"),
    *_optional(_ID, "gist_model"),
    sa.Index("ix_ticket_queue", "status", "priority", "due_at", "id"),
)
_table(
    "asking",
    sa.Column("turn_id", _ID, _goes_with("turn.id"), primary_key=True),
    sa.Column("ticket_id", _ID, _goes_with("ticket.id"), nullable=False),
    *_needed(sa.String(128), "reasons"),
    *_needed(_MOMENT, "asked_at"),
    sa.Index("ix_asking_ticket", "ticket_id", "asked_at"),
)
_table(
    "ticket_label",
    sa.Column("ticket_id", _ID, _goes_with("ticket.id"), primary_key=True),
    sa.Column("label", sa.String(32), primary_key=True, index=True),
)
_table(
    "ticket_event",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("ticket_id", _ID, _goes_with("ticket.id"), nullable=False),
    *_needed(_MOMENT, "at"),
    *_needed(_ID, "account_name"),
    *_needed(sa.String(16), "kind"),
    *_needed(sa.Text, "text"),
    sa.Index("ix_ticket_event_ticket", "ticket_id", "id"),
)
_table(
    "saved_view",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), index=True, nullable=False),
    *_needed(_ID, "name"),
    *_needed(sa.Text, "query"),
)
_table("canned_reply", sa.Column("id", _ID, primary_key=True), *_needed(_ID, "title"), *_needed(sa.Text, "text"))
_table(
    "unsent",
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), primary_key=True),
    sa.Column("place", sa.String(128), primary_key=True),
    sa.Column("ticket_id", _ID, _goes_with("ticket.id"), index=True),
    *_needed(_MOMENT, "saved_at"),
    *_needed(sa.Text, "fields"),
)
_table(
    "undo",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), nullable=False),
    *_needed(_MOMENT, "made_at"),
    *_needed(sa.Text, "was"),
    sa.Index("ix_undo_account_id", "account_id", "made_at"),
)
_table(
    "presence",
    sa.Column("account_id", _ID, _goes_with("staff_account.id"), primary_key=True),
    sa.Column("ticket_id", _ID, _goes_with("ticket.id"), index=True, nullable=False),
    *_needed(_MOMENT, "seen_at"),
    *_needed(sa.Boolean, "is_typing"),
)
QUEUE_CLOCK = _table(
    "queue_clock", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *_needed(sa.Integer, "tick")
)
_table(
    "curated",
    sa.Column("id", _ID, primary_key=True),
    *_needed(sa.Integer, "latest"),
    *_optional(sa.Integer, "approved"),
    *_needed(sa.Boolean, "retired"),
    sa.Column("changed_at", _MOMENT, index=True, nullable=False),
)
_table(
    "curated_version",
    sa.Column("curated_id", _ID, _goes_with("curated.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    *_needed(sa.Text, "wordings", "text"),
    *_optional(sa.String(128), "source_id"),
    *_optional(_ID, "source_sha256"),
    *_optional(sa.Integer, "span_start", "span_end"),
    *_needed(_ID, "author"),
    *_optional(sa.Date, "reviewed_on"),
    *_needed(sa.Text, "tags"),
    *_needed(_ID, "made_by"),
    *_needed(_MOMENT, "made_at"),
    *_optional(_ID, "approved_by"),
    *_optional(_MOMENT, "approved_at"),
    *_optional(sa.LargeBinary, "vectors"),
    *_optional(_ID, "model"),
)
CURATED_CLOCK = _table(
    "curated_clock", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), *_needed(sa.Integer, "tick")
)
_table(
    "webhook",
    sa.Column("id", _ID, primary_key=True),
    *_needed(sa.Text, "url", "events"),
    *_needed(sa.Boolean, "with_words", "enabled"),
    *_needed(sa.LargeBinary, "secret"),
    *_optional(sa.LargeBinary, "old_secret"),
    *_optional(_MOMENT, "old_until"),
    *_needed(_MOMENT, "made_at"),
)
_table(
    "delivery",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("webhook_id", _ID, _goes_with("webhook.id")),
    sa.Column("turn_id", _ID, _goes_with("turn.id"), index=True),
    *_needed(sa.String(32), "event"),
    *_needed(sa.Text, "body"),
    *_needed(sa.String(16), "state"),
    *_needed(sa.Integer, "attempts"),
    *_needed(_MOMENT, "made_at", "next_at"),
    *_optional(_MOMENT, "held_until"),
    *_optional(sa.String(200), "fault"),
    sa.Index("ix_delivery_due", "state", "next_at"),
    sa.Index("ix_delivery_webhook_id", "webhook_id", "made_at"),
)
