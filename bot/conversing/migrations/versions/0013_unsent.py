"""What staff typed and have not sent, and what tickets were before a change that may be taken back.

Both go with the account. What was typed about a ticket goes with it, since it may quote a family.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "unsent",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("place", sa.String(128), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=True),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "place", name="pk_unsent"),
        sa.ForeignKeyConstraint(["account_id"], ["staff_account.id"], name="fk_unsent_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_unsent_ticket_id", ondelete="CASCADE"),
    )
    op.create_index("ix_unsent_ticket_id", "unsent", ["ticket_id"])
    op.create_table(
        "undo",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_undo"),
        sa.ForeignKeyConstraint(["account_id"], ["staff_account.id"], name="fk_undo_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_undo_account_id", "undo", ["account_id", "made_at"])


def downgrade() -> None:
    op.drop_table("undo")
    op.drop_table("unsent")
