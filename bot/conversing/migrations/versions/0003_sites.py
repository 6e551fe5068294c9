"""Sites, their keys, the switch that closes the service, and the turns of a site by time.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_turn_site", "turn", ["site", "asked_at"])
    op.create_table(
        "site",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("country", sa.String(16), nullable=False),
        sa.Column("greeting", sa.Text(), nullable=True),
        sa.Column("accent_light", sa.String(7), nullable=True),
        sa.Column("accent_dark", sa.String(7), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("contact_url", sa.Text(), nullable=True),
        sa.Column("client_per_minute", sa.Integer(), nullable=False),
        sa.Column("site_per_minute", sa.Integer(), nullable=False),
        sa.Column("voice", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_table(
        "site_key",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("site_id", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_site_key"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_site_key_site_id", ondelete="CASCADE"),
    )
    op.create_index("ix_site_key_site_id", "site_key", ["site_id"])
    op.create_table(
        "switch",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
    )


def downgrade() -> None:
    op.drop_table("switch")
    op.drop_index("ix_site_key_site_id", table_name="site_key")
    op.drop_table("site_key")
    op.drop_table("site")
    op.drop_index("ix_turn_site", table_name="turn")
