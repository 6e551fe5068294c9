"""Codes that stand in for a lost app, and who somebody is for the deployment's own sign-in.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_recovery_code",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_staff_recovery_code"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name="fk_staff_recovery_code_account_id", ondelete="CASCADE"
        ),
    )
    op.add_column("staff_account", sa.Column("oidc_subject", sa.String(255), nullable=True))
    # An index and not a constraint, since SQLite would copy the table to add one.
    op.create_index("uq_staff_account_oidc_subject", "staff_account", ["oidc_subject"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_staff_account_oidc_subject", "staff_account")
    op.drop_column("staff_account", "oidc_subject")
    op.drop_table("staff_recovery_code")
