"""Logos of sites.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site", sa.Column("logo", sa.String(32), nullable=True))
    op.create_table(
        "site_logo",
        sa.Column("site_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", name="pk_site_logo"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_site_logo_site_id", ondelete="CASCADE"),
    )
    op.create_index("ix_site_logo_digest", "site_logo", ["digest"])


def downgrade() -> None:
    op.drop_index("ix_site_logo_digest", table_name="site_logo")
    op.drop_table("site_logo")
    op.drop_column("site", "logo")
