"""Run the command that fills an empty database, to try out the console and to measure it."""

from __future__ import annotations

import click

from bot.cli.options import reporting_errors
from bot.settings import read_environment


@click.command()
@click.option("--turns", type=click.IntRange(1, 1_000_000), default=10_000, help="How many turns; 10,000 by default.")
@click.option(
    "--tickets", type=click.IntRange(1, 100_000), default=500, help="How many tickets at most; 500 by default."
)
@click.option("--seed", "number", type=int, default=0, help="Another number gives other rows.")
@reporting_errors
def seed(turns: int, tickets: int, number: int) -> None:
    """Fill an empty database with a made-up half year."""
    from bot import wiring
    from bot.cli.demo import Demo
    from bot.dialogue.live import LiveDialogue
    from bot.triage.seeding import seed as fill

    settings = read_environment()
    live = LiveDialogue(wiring.store_of(settings))
    database = wiring.open_database(settings)
    try:
        fill(database, live.golden(), live.gist, turns=turns, tickets=tickets, number=number)
    finally:
        database.close()
    app = wiring.build_app(settings)
    shown = Demo(app, app.extensions["staff_desk"]).write()
    click.echo(f"{turns:,} turns and up to {tickets:,} tickets are in the database.", err=True)
    click.echo(f"{shown} tickets of today on top were asked through the chat.", err=True)
