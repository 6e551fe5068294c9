"""What the overview adds up, in one index that also serves what the one on the moment alone did.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_turn_overview", "turn", ["asked_at", "status", "confidence", "site"])
    op.drop_index("ix_turn_asked_at", "turn")


def downgrade() -> None:
    op.create_index("ix_turn_asked_at", "turn", ["asked_at"])
    op.drop_index("ix_turn_overview", "turn")
