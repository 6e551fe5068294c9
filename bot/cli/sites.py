"""Run the commands that define a site: add, list, show and edit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli.options import reporting_errors, who_types
from bot.settings import read_environment
from bot.sites.checking import checked
from bot.sites.logo import Logo, logo_of
from bot.sites.site import Site, new_site_id
from bot.sites.store import SiteStore

Command = TypeVar("Command", bound=Callable[..., Any])
_SNIPPET = '<script async src="{origin}/widget.js" data-site="{site}"></script>'
# The field that collects an option that may be given several times.
_LISTS = {"origin": "origins", "tag": "tags", "language": "languages"}
_OPTIONS = (
    click.option(
        "--origin", multiple=True, metavar="URL", help="May show the chat; again for another. None denies all."
    ),
    click.option("--tag", multiple=True, help="What has this tag is answered from; again for another. None for all."),
    click.option("--country", help="Whose emergency numbers are shown: US, GB, EU, CA, AU or other."),
    click.option("--greeting", help="First words of the chat, before ours."),
    click.option("--accent-light", metavar="#RRGGBB", help="Accent on light ground; its contrast is checked."),
    click.option("--accent-dark", metavar="#RRGGBB", help="Accent on dark ground; its contrast is checked."),
    click.option("--language", multiple=True, help="Language of the screen, the first by itself; again for another."),
    click.option("--contact-url", metavar="URL", help="Where a family reaches a person: https:, mailto: or tel:."),
    click.option("--client-per-minute", type=int, help="Questions a minute from one address; 0 for no limit."),
    click.option("--site-per-minute", type=int, help="Questions a minute from all together; 0 for no limit."),
    click.option(
        "--voice/--no-voice", default=None, help="Whether voice input is offered; the browser's maker hears it."
    ),
)
_logo_option = click.option(
    "--logo", metavar="FILE", help="Logo beside the name in the head of the chat, a PNG; '' takes it away."
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def _site_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group()
def site() -> None:
    """Sites: partners on whose pages the chat is."""


@site.command()
@click.option("--name", required=True, help="Name shown to families.")
@_site_options
@_logo_option
@as_json_option
@reporting_errors
def add(name: str, logo: str | None, as_json: bool, **given: Any) -> None:
    """Add a site; its id and its key are printed, the key this once."""
    made = checked(_changed(Site(id=new_site_id(), name=name), given))
    picture = _logo(logo)
    with site_store() as store:
        key = store.add(made, by=who_types())
        made = store.set_logo(made.id, picture, by=who_types()) if picture else made
    _warn_of_tags(made)
    if as_json:
        click.echo(json.dumps({**asdict(made), "key": key}, ensure_ascii=False))
        return
    origin = read_environment().public_url or "https://HOST"
    click.echo(f"{made.id}  {made.name}\n{key}\n{_SNIPPET.format(origin=origin, site=made.id)}")
    click.echo("The key is shown this once: only its hash is kept.", err=True)
    if not made.origins:
        click.echo("No page may show the chat yet: `site edit --origin https://…` names one.", err=True)


@site.command("list")
@as_json_option
@reporting_errors
def list_sites(as_json: bool) -> None:
    """List the sites by their names."""
    with site_store() as store:
        found = list(store.snapshot().sites.values())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    for one in [] if as_json else found:
        click.echo(f"{one.id}  {'on ' if one.enabled else 'off'}  {one.name}  {' '.join(one.origins)}".rstrip())


@site.command()
@click.argument("site_id", metavar="SITE")
@as_json_option
@reporting_errors
def show(site_id: str, as_json: bool) -> None:
    """Show a site, and of its keys when they were made, end and were used."""
    with site_store() as store:
        found, keys = store.find(site_id), store.keys_of(site_id)
    told = [
        {"made_at": key.made_at.isoformat(timespec="seconds"), "expires_at": _moment(key.expires_at),
         "last_used_on": key.last_used_on.isoformat() if key.last_used_on else None}
        for key in keys
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({**asdict(found), "keys": told}, ensure_ascii=False))
        return
    for field, value in asdict(found).items():
        click.echo(f"{field}: {', '.join(value) if isinstance(value, tuple) else '' if value is None else value}")
    for key in told:
        click.echo("key: " + ", ".join(f"{name} {value or 'never'}" for name, value in key.items()))


@site.command()
@click.argument("site_id", metavar="SITE")
@click.option("--name", help="Name shown to families.")
@_site_options
@_logo_option
@as_json_option
@reporting_errors
def edit(site_id: str, name: str | None, logo: str | None, as_json: bool, **given: Any) -> None:
    """Change what is given of a site; an empty value takes it away."""
    is_given = name is not None or any(value is not None and value != () for value in given.values())
    if logo is None and not is_given:
        raise click.UsageError("Say what to change, such as --name or --origin. Nothing was changed.")
    picture = _logo(logo)
    with site_store() as store:
        changed = checked(_changed(store.find(site_id), {"name": name, **given}))
        if is_given:
            store.save(changed, by=who_types())
        if logo is not None:
            changed = store.set_logo(site_id, picture, by=who_types())
    _warn_of_tags(changed)
    click.echo(json.dumps(asdict(changed), ensure_ascii=False) if as_json else f"{changed.id} is changed.")


@contextmanager
def site_store() -> Iterator[SiteStore]:
    """Lend the store of sites, its tables up to date."""
    from bot import wiring

    database = wiring.open_database(read_environment())
    try:
        yield SiteStore(database)
    finally:
        database.close()


def _changed(before: Site, given: dict[str, Any]) -> Site:
    """Return the site with the given values; an empty text removes an optional value or clears a list."""
    changes: dict[str, Any] = {}
    for option, value in given.items():
        if option in _LISTS:
            if value:
                changes[_LISTS[option]] = tuple(entry for entry in value if entry)
        elif value is not None:
            changes[option] = value or None if isinstance(value, str) and option not in {"name", "country"} else value
    return replace(before, **changes)


def _logo(path: str | None) -> Logo | None:
    """Return the picture in a file, ``None`` if no file is named."""
    if not path:
        return None
    try:
        return logo_of(Path(path).read_bytes())
    except OSError as error:
        raise click.UsageError(f"--logo: found no file to read at {path} ({error.strerror}).") from None


def _warn_of_tags(of: Site) -> None:
    """Warn of tags that no source has; they are allowed, because sources may come later."""
    from bot import wiring

    known = wiring.tags_in_build(read_environment()) if of.tags else None
    missing = [tag for tag in of.tags if known is not None and tag.casefold() not in known]
    if missing:
        click.echo(f"No source of the current Build has the tag {', '.join(missing)}.", err=True)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
