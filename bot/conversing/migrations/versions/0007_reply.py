"""What a person wrote to families, and the codes that they come back with.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("sent_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_label", sa.String(64), nullable=False),
        sa.Column("account_name", sa.String(64), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_reply_turn_id", ondelete="CASCADE"),
    )
    op.create_index("ix_reply_turn_id", "reply", ["turn_id"])
    op.create_index("ix_reply_sent_id", "reply", ["sent_id"])
    op.create_table(
        "come_back_code",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("handoff_id", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_come_back_code"),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoff.id"], name="fk_come_back_code_handoff_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_come_back_code_handoff_id", "come_back_code", ["handoff_id", "made_at"])


def downgrade() -> None:
    op.drop_table("come_back_code")
    op.drop_table("reply")
