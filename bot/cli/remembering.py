"""Run the commands of the memory: migrate its tables, and purge what is old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import click

from bot.cli.options import reporting_errors, who_types
from bot.settings import read_environment

# Keeps the date from going out of range.
_MOST_DAYS = 36_500


@click.command()
@reporting_errors
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.storage.database import migrate as upgrade

    if upgrade(read_environment().database_url):
        click.echo("The database is up to date.", err=True)
    else:
        click.echo("The schema is newer than this program, which leaves it as it is and uses what it knows.", err=True)


@click.command()
@click.option(
    "--older-than",
    "days",
    type=click.IntRange(0, _MOST_DAYS),
    default=None,
    metavar="DAYS",
    help="Remove turns asked more than so many days ago; the setting BOT_RETENTION_DAYS by default, 0 for all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reporting_errors
def purge(days: int | None, as_json: bool) -> None:
    """Remove old turns with their votes, hand-offs and contacts."""
    from bot.storage.audit import AuditLog
    from bot.storage.connections import Database
    from bot.triage import retention

    settings = read_environment()
    days = settings.retention_days if days is None else days
    before = datetime.now(UTC) - timedelta(days=days)
    database = Database(settings.database_url)
    try:
        AuditLog(database).add(who_types(), "turns.purge", detail=f"older than {days} days")
        removed = retention.purge(database, before)
    finally:
        database.close()
    said = {"removed": removed, "before": before.isoformat(timespec="seconds")}
    click.echo(json.dumps(said) if as_json else f"{removed} turns asked before {said['before']} were removed.")
