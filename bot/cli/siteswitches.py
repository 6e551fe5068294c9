"""Run the commands that operate sites: switch one or all off and on, make new keys, count questions."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from bot.cli.options import reporting_errors, who_types
from bot.cli.sites import as_json_option, site, site_store
from bot.settings import read_environment
from bot.sites.site import DEFAULT_SITE

_MOST_WEEKS = 520
_REASON_CHARS = 200


@site.command()
@click.argument("site_id", metavar="SITE")
@as_json_option
@reporting_errors
def disable(site_id: str, as_json: bool) -> None:
    """Switch a site off: within a second or two no server answers on it."""
    _switch(site_id, as_json, enabled=False)


@site.command()
@click.argument("site_id", metavar="SITE")
@as_json_option
@reporting_errors
def enable(site_id: str, as_json: bool) -> None:
    """Switch a site on again."""
    _switch(site_id, as_json, enabled=True)


@site.command()
@click.argument("site_id", metavar="SITE")
@click.option("--at-once", is_flag=True, help="End the old keys now, not after 24 hours: somebody has read one.")
@as_json_option
@reporting_errors
def rotate(site_id: str, at_once: bool, as_json: bool) -> None:
    """Give a site a new key, which is printed this once; the old ones hold for 24 hours more."""
    with site_store() as store:
        key = store.rotate(site_id, by=who_types(), at_once=at_once)
    click.echo(json.dumps({"site": site_id, "key": key}) if as_json else key)
    click.echo("The old keys have ended." if at_once else "The old keys end in 24 hours.", err=True)


@site.command()
@click.argument("site_id", metavar="SITE")
@click.option("--weeks", type=click.IntRange(1, _MOST_WEEKS), default=4, show_default=True, help="How many weeks.")
@as_json_option
@reporting_errors
def numbers(site_id: str, weeks: int, as_json: bool) -> None:
    """Count a site's questions by week, without any text; SITE may be `default`."""
    from bot.sites.numbers import Week, weekly_numbers

    with site_store() as store:
        kept_id = None if site_id == DEFAULT_SITE else store.find(site_id).id
        found = weekly_numbers(store.database, kept_id, weeks=weeks, today=datetime.now(UTC).date())

    def told(week: Week) -> dict[str, object]:
        shares = {"answered_share": _rounded(week.answered_share), "helpful_share": _rounded(week.helpful_share)}
        return {**asdict(week), "monday": week.monday.isoformat(), **shares}

    if as_json:
        click.echo(json.dumps({"site": site_id, "weeks": [told(week) for week in found]}))
        return
    for week in found:
        click.echo(
            f"{week.monday}  {week.questions} questions, {_percent(week.answered_share)} answered, "
            f"{week.referred} referred; {week.votes} votes, {_percent(week.helpful_share)} helpful"
        )


@click.command("close")
@click.option("--reason", default="", help="Why, for the audit log; others will ask.")
@reporting_errors
def close(reason: str) -> None:
    """Close the chat on every site: within a second or two no server answers."""
    with site_store() as store:
        store.set_closed(True, by=who_types(), reason=reason.strip()[:_REASON_CHARS])
    click.echo("The chat is closed for all. `python -m bot open` opens it again.", err=True)


@click.command("open")
@reporting_errors
def open_again() -> None:
    """Open the chat again after `close`; sites that are switched off stay off."""
    with site_store() as store:
        store.set_closed(False, by=who_types())
    click.echo("The chat is open.", err=True)
    if read_environment().closed:
        click.echo("Servers with BOT_CLOSED=true stay closed until it is taken away.", err=True)


def _switch(site_id: str, as_json: bool, *, enabled: bool) -> None:
    with site_store() as store:
        store.set_enabled(site_id, enabled, by=who_types())
    said = {"site": site_id, "enabled": enabled}
    click.echo(json.dumps(said) if as_json else f"{site_id} is {'on' if enabled else 'off'}.")


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
