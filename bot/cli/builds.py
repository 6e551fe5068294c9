"""Run the commands about Builds, both those here and those shared between machines."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from bot.cli.options import ProgressBars, index_option, reporting_errors, settings_for
from bot.errors import BotError, SettingsError
from bot.indexing.manifest import read_manifest
from bot.settings import Settings


@click.group()
def builds() -> None:
    """See the Builds, and carry them between machines."""


@builds.command("list")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@reporting_errors
def list_builds(index: Path | None, as_json: bool) -> None:
    """List the Builds that can be gone back to, newest first, and those that other machines can fetch."""
    from bot import wiring

    settings = settings_for(index)
    store = wiring.store_of(settings)
    current = store.pointed()
    here = {path.name: path for path in store.builds()}
    there, pointed = wiring.builds_there(settings)
    rows = [
        {
            "build": name,
            "current": current is not None and name == current.name,
            "passages": read_manifest(here[name]).counts.passages if name in here else None,
            **({"shared": name in there, "pointed_to": name == pointed} if settings.builds else {}),
        }
        for name in sorted({*here, *there}, reverse=True)
    ]
    if as_json:
        click.echo(json.dumps(rows))
    for row in [] if as_json else rows:
        held = "not here" if row["passages"] is None else f"{row['passages']} passages"
        shared = (", all machines" if row.get("pointed_to") else ", shared") if row.get("shared") else ""
        click.echo(f"{'*' if row['current'] else ' '} {row['build']}  {held}{shared}")


@builds.command()
@index_option
@reporting_errors
def push(index: Path | None) -> None:
    """Put the current Build where other machines fetch it, and point them to it."""
    settings = _travelling(index)
    _push(settings)


@builds.command()
@index_option
@reporting_errors
def pull(index: Path | None) -> None:
    """Fetch the Build that all machines should serve, and make it the current one here."""
    from bot import wiring

    pointer = wiring.pull_build(_travelling(index))
    click.echo(f"Build {pointer.build} is current.")


@builds.command()
@index_option
@click.option("--prune", is_flag=True, help="Remove from the engine what none of the Builds here needs.")
@reporting_errors
def publish(index: Path | None, prune: bool) -> None:
    """Put the current Build into the engine of vectors."""
    from bot import wiring

    settings = settings_for(index)
    if not settings.engine:
        raise SettingsError("BOT_ENGINE", "nothing", "the address of a PostgreSQL with pgvector")
    with ProgressBars() as bars:
        told = partial(bars.show, "Publishing vectors")
        report = wiring.publish_current(wiring.store_of(settings), told, prune=prune)
    if report.recall is None:
        click.echo("The engine has them already.")
        return
    click.echo(f"{report.rows} vectors are in the engine, {report.copied} of them copied now.")
    click.echo(f"It finds {report.recall:.3f} of the nearest, against exact search.")


def push_after(settings: Settings) -> None:
    """Push the Build that just became current here, if Builds are shared.

    :raises ClickException: when it could not be pushed; it says that the Build is current here all the same.
    """
    if not settings.builds:
        return
    try:
        _push(settings)
    except BotError as error:
        told = "The Build is current here and nowhere else. When this is mended, run `python -m bot builds push`."
        raise click.ClickException(f"{error} {told}") from error


def fetched_instead(settings: Settings) -> bool:
    """Fetch a Build for a machine that has none, and say whether that worked; the reason for a failure goes to stderr.

    :returns: also false where Builds are not shared.
    """
    from bot import wiring

    if not settings.builds:
        return False
    try:
        wiring.pull_build(settings)
    except BotError as error:
        click.echo(f"No Build could be fetched, so one is made here. {error}", err=True)
        return False
    return True


def _push(settings: Settings) -> None:
    from bot import wiring

    pointer = wiring.push_build(settings)
    assert pointer is not None
    click.echo(f"All machines that fetch from {settings.builds} change to Build {pointer.build}.", err=True)


def _travelling(index: Path | None) -> Settings:
    settings = settings_for(index)
    if not settings.builds:
        raise SettingsError("BOT_BUILDS", "nothing", "the address where machines share Builds")
    return settings
