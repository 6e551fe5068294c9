"""Curated answers with their versions, and the clock that says when to read them again.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "curated",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_curated"),
    )
    op.create_index("ix_curated_changed_at", "curated", ["changed_at"])
    op.create_table(
        "curated_version",
        sa.Column("curated_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wordings", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(128), nullable=True),
        sa.Column("source_sha256", sa.String(64), nullable=True),
        sa.Column("span_start", sa.Integer(), nullable=True),
        sa.Column("span_end", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(64), nullable=True),
        sa.Column("approved_at", _MOMENT, nullable=True),
        sa.Column("vectors", sa.LargeBinary(), nullable=True),
        sa.Column("model", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("curated_id", "number", name="pk_curated_version"),
        sa.ForeignKeyConstraint(
            ["curated_id"], ["curated.id"], name="fk_curated_version_curated_id", ondelete="CASCADE"
        ),
    )
    clock = op.create_table(
        "curated_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tick", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_curated_clock"),
    )
    op.bulk_insert(clock, [{"id": 1, "tick": 0}])


def downgrade() -> None:
    for table in ("curated_clock", "curated_version", "curated"):
        op.drop_table(table)
