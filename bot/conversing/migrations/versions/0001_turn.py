"""Turns, without their words.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("build", sa.String(64), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("site", sa.String(64), nullable=True),
        sa.Column("feedback_token_hash", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
    )
    op.create_index("ix_turn_conversation_id", "turn", ["conversation_id"])
    op.create_index("ix_turn_asked_at", "turn", ["asked_at"])


def downgrade() -> None:
    op.drop_index("ix_turn_asked_at", table_name="turn")
    op.drop_index("ix_turn_conversation_id", table_name="turn")
    op.drop_table("turn")
