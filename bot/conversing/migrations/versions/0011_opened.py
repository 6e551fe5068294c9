"""Which of the passages that may hold the answer a family opened.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_passage",
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "place", name="pk_opened_passage"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_opened_passage_turn_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("opened_passage")
