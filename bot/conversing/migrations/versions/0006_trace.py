"""How the answer of a turn came about.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("turn", sa.Column("trace", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    # Neither database needs to copy the table for this, and a copy would take what hangs on it along.
    op.drop_column("turn", "trace")
