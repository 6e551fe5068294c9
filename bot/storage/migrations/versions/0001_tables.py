"""Create all tables, the triggers that table definitions cannot express, and the clocks at zero.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from alembic import op

from bot.storage.migrations.first_tables import CURATED_CLOCK, QUEUE_CLOCK, TABLES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER asking_gone AFTER DELETE ON asking BEGIN {count}; {remove}; END",
    "CREATE TRIGGER audit_UPDATE_refused BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "CREATE TRIGGER audit_DELETE_refused BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
)
_POSTGRES = (
    "CREATE FUNCTION asking_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {count}; {remove}; RETURN NULL; END $$",
    "CREATE TRIGGER asking_gone AFTER DELETE ON asking FOR EACH ROW EXECUTE FUNCTION asking_gone()",
    "CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
    "CREATE TRIGGER audit_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refused()",
)
_PARTS = {
    # A ticket is deleted with the last of the turns that it came from, whoever deletes that turn.
    "count": "UPDATE ticket SET askings = askings - 1 WHERE id = OLD.ticket_id",
    "remove": "DELETE FROM ticket WHERE id = OLD.ticket_id AND askings <= 0",
    "refusal": "the audit log is only ever added to",
}


def upgrade() -> None:
    TABLES.create_all(op.get_bind(), checkfirst=False)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement.format(**_PARTS))
    for clock in (QUEUE_CLOCK, CURATED_CLOCK):
        op.bulk_insert(clock, [{"id": 1, "tick": 0}])


def downgrade() -> None:
    # Dropping the tables drops their triggers.
    TABLES.drop_all(op.get_bind(), checkfirst=False)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION asking_gone()")
        op.execute("DROP FUNCTION audit_refused()")
