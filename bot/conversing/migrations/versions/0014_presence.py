"""Who has which ticket open just now; it goes with the ticket and with the account.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_typing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_presence"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name="fk_presence_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_presence_ticket_id", ondelete="CASCADE"),
    )
    op.create_index("ix_presence_ticket_id", "presence", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("presence")
