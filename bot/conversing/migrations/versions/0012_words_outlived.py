"""Ids of curated answers that say nothing, and saved views without the words looked for.

An id was made of the first wording, which may be a family's own, and stood in the audit log, in webhooks and in
answers. Each gets a random one wherever it stands; the log's guard is lifted for that, and put back at once.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from secrets import token_hex
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SQLITE_REFUSES = (
    "CREATE TRIGGER audit_UPDATE_refused BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is only ever added to'); END"
)
# The fields of a filter that hold what was looked for.
_SOUGHT = ("words", "like")
# Where an id stands by itself, and where it stands in a text.
_RENAMES = (
    "INSERT INTO curated (id, latest, approved, retired, changed_at) "
    "SELECT :new, latest, approved, retired, changed_at FROM curated WHERE id = :old",
    "UPDATE curated_version SET curated_id = :new WHERE curated_id = :old",
    "DELETE FROM curated WHERE id = :old",
    "UPDATE audit SET object = :new WHERE object = :old AND action LIKE 'curated.%'",
    "UPDATE delivery SET body = replace(body, :old, :new) WHERE event = 'answer.approved'",
    "UPDATE turn SET answer = replace(answer, :old, :new) WHERE answer LIKE '%' || :old || '%'",
)


def upgrade() -> None:
    connection = op.get_bind()
    ids = connection.execute(sa.text("SELECT id FROM curated")).scalars().all()
    if ids:
        _guard(lifted=True)
        for old in ids:
            _rename(connection, old, f"answer-{token_hex(8)}")
        _guard(lifted=False)
        connection.execute(sa.text("UPDATE curated_clock SET tick = tick + 1"))
    for view_id, query in connection.execute(sa.text("SELECT id, query FROM saved_view")).all():
        kept = {"query": urlencode([pair for pair in parse_qsl(query) if pair[0] not in _SOUGHT]), "id": view_id}
        connection.execute(sa.text("UPDATE saved_view SET query = :query WHERE id = :id"), kept)


def _rename(connection: sa.Connection, old: str, new: str) -> None:
    for statement in _RENAMES:
        connection.execute(sa.text(statement), {"old": old, "new": new} if ":new" in statement else {"old": old})


def _guard(*, lifted: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_UPDATE_refused" if lifted else _SQLITE_REFUSES)
    else:
        op.execute(f"ALTER TABLE audit {'DISABLE' if lifted else 'ENABLE'} TRIGGER audit_refused")


def downgrade() -> None:
    """Nothing: what the words were is not known any more, which is the point."""
