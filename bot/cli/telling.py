"""Run the command that mails what is waiting, for a scheduler such as cron."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from bot.cli.options import reporting_errors
from bot.settings import read_environment


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 31), default=1, show_default=True, help="How far back it counts questions."
)
@click.option("--show", is_flag=True, help="Print it and send nothing.")
@reporting_errors
def digest(days: int, show: bool) -> None:
    """Mail what waits in the queue and what was asked to BOT_DIGEST_TO: counts and links, no words."""
    import bot.triage.tables  # noqa: F401 - the tables that the digest counts
    from bot.storage.connections import Database
    from bot.triage.telling.digest import digest_text
    from bot.triage.telling.mailing import MailServer

    settings = read_environment()
    database = Database(settings.database_url)
    try:
        text = digest_text(database, datetime.now(UTC), days=days, base_url=settings.public_url)
    finally:
        database.close()
    if show:
        click.echo(text, nl=False)
        return
    addresses = [address.strip() for address in settings.digest_to.split(",") if address.strip()]
    if not addresses or not settings.smtp_url:
        click.echo("Nobody gets it: set BOT_DIGEST_TO, BOT_SMTP_URL and BOT_MAIL_FROM.", err=True)
        sys.exit(2)
    server = MailServer(settings.smtp_url, settings.mail_from)
    for address in addresses:
        server.send(address, f"{settings.service_name}: what waits", text)
    click.echo(f"Sent to {len(addresses)}.", err=True)
