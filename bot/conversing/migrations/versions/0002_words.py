"""The words of turns, redacted; feedback, hand-offs and sealed contacts.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WORDS = ("question", "understood", "answer")


def upgrade() -> None:
    for name in _WORDS:
        op.add_column("turn", sa.Column(name, sa.Text(), nullable=True))
    op.drop_index("ix_turn_conversation_id", table_name="turn")
    op.create_index("ix_turn_conversation", "turn", ["conversation_id", "asked_at", "id"])
    op.create_table(
        "feedback",
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('up', 'down')", name=op.f("ck_feedback_verdict")),
        sa.PrimaryKeyConstraint("turn_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_feedback_turn_id", ondelete="CASCADE"),
    )
    op.create_table(
        "handoff",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_handoff_turn_id", ondelete="CASCADE"),
    )
    op.create_index("ix_handoff_turn_id", "handoff", ["turn_id"])
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_handoff_open", "handoff", ["turn_id"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "contact",
        sa.Column("handoff_id", sa.String(64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("handoff_id", name="pk_contact"),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoff.id"], name="fk_contact_handoff_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("contact")
    op.drop_index("uq_handoff_open", table_name="handoff")
    op.drop_index("ix_handoff_turn_id", table_name="handoff")
    op.drop_table("handoff")
    op.drop_table("feedback")
    op.drop_index("ix_turn_conversation", table_name="turn")
    # SQLite copies the table, which is safe only now that nothing hangs on its rows.
    with op.batch_alter_table("turn") as turn:
        for name in reversed(_WORDS):
            turn.drop_column(name)
    op.create_index("ix_turn_conversation_id", "turn", ["conversation_id"])
