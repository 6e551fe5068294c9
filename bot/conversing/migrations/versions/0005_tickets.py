"""Tickets with their askings, labels and events; saved views and canned replies.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# A ticket goes when the last turn that it arose from goes, whoever removes it.
_COUNT = "UPDATE ticket SET askings = askings - 1 WHERE id = OLD.ticket_id"
_REMOVE = "DELETE FROM ticket WHERE id = OLD.ticket_id AND askings <= 0"
_SQLITE = f"CREATE TRIGGER asking_gone AFTER DELETE ON asking BEGIN {_COUNT}; {_REMOVE}; END"
_POSTGRES_FUNCTION = (
    f"CREATE FUNCTION asking_gone() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {_COUNT}; {_REMOVE}; RETURN NULL; END $$"
)
_POSTGRES = "CREATE TRIGGER asking_gone AFTER DELETE ON asking FOR EACH ROW EXECUTE FUNCTION asking_gone()"


def upgrade() -> None:
    _make_tickets()
    _make_what_hangs_on_them()
    _make_what_people_keep()
    clock = op.create_table(
        "queue_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queue_clock"),
    )
    op.bulk_insert(clock, [{"id": 1, "tick": 0}])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE)
    else:
        op.execute(_POSTGRES_FUNCTION)
        op.execute(_POSTGRES)


def _make_tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("askings", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.String(64), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("snoozed_until", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.Column("gist", sa.LargeBinary(), nullable=True),
        sa.Column("gist_model", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff_account.id"], name="fk_ticket_assignee_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_ticket_queue", "ticket", ["status", "priority", "due_at", "id"])
    op.create_index("ix_ticket_tick", "ticket", ["tick"])
    op.create_index("ix_ticket_assignee_id", "ticket", ["assignee_id"])
    op.create_table(
        "asking",
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("reasons", sa.String(128), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", name="pk_asking"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_asking_turn_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_asking_ticket_id", ondelete="CASCADE"),
    )
    op.create_index("ix_asking_ticket", "asking", ["ticket_id", "asked_at"])


def _make_what_hangs_on_them() -> None:
    op.create_table(
        "ticket_label",
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("label", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "label", name="pk_ticket_label"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_label_ticket_id", ondelete="CASCADE"),
    )
    op.create_index("ix_ticket_label_label", "ticket_label", ["label"])
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_event_ticket_id", ondelete="CASCADE"),
    )
    op.create_index("ix_ticket_event_ticket", "ticket_event", ["ticket_id", "id"])


def _make_what_people_keep() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name="fk_saved_view_account_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_saved_view_account_id", "saved_view", ["account_id"])
    op.create_table(
        "canned_reply",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_reply"),
    )


def downgrade() -> None:
    for table in ("queue_clock", "canned_reply", "saved_view", "ticket_event", "ticket_label", "asking", "ticket"):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION asking_gone()")
