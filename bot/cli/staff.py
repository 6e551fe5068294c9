"""Run the commands of the console's accounts: add, list, disable, role, reset, reseal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast, get_args

import click

from bot.cli.options import reporting_errors, who_types
from bot.settings import read_environment
from bot.triage.people.account import Role

if TYPE_CHECKING:
    from bot.triage.people.accounts import AccountStore


@click.group()
def staff() -> None:
    """The accounts of the console under /staff."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(get_args(Role)), default="agent", show_default=True, help="What it may do.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reporting_errors
def add(name: str, role: str, as_json: bool) -> None:
    """Make an account and print the password to begin with."""
    with _accounts() as accounts:
        password = accounts.add(name, cast(Role, role), by=who_types())
    _print_password(name, password, as_json)


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@reporting_errors
def list_accounts(as_json: bool) -> None:
    """List the accounts."""
    with _accounts() as accounts:
        people = accounts.all()
    rows = [
        {"name": one.name, "role": one.role, "disabled": one.disabled, "second_factor": one.has_second_factor}
        for one in people
    ]
    if as_json:
        click.echo(json.dumps(rows))
    for row in [] if as_json else rows:
        marks = [word for word in ("disabled", "second_factor") if row[word]]
        click.echo(f"{row['name']}  {row['role']}  {' '.join(marks)}".rstrip())


@staff.command()
@click.argument("name")
@click.option("--undo", is_flag=True, help="Let the account sign in again.")
@reporting_errors
def disable(name: str, undo: bool) -> None:
    """Keep an account from signing in, and end its sessions."""
    with _accounts() as accounts:
        (accounts.enable if undo else accounts.disable)(name, by=who_types())
    click.echo(f"{name} may sign in again." if undo else f"{name} is disabled.", err=True)


@staff.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(get_args(Role)))
@reporting_errors
def give_role(name: str, role: str) -> None:
    """Give an account another role, and end its sessions."""
    with _accounts() as accounts:
        accounts.give_role(name, cast(Role, role), by=who_types())
    click.echo(f"{name} is {role} now.", err=True)


@staff.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reporting_errors
def reset(name: str, as_json: bool) -> None:
    """Give an account a new password and no second factor, end its sessions, and let it try again at once."""
    from bot.triage.people.attempts import Attempts
    from bot.triage.people.signing import utc_now

    with _accounts() as accounts:
        password = accounts.reset(name, by=who_types())
        Attempts(accounts.database, utc_now).forget(name)
    _print_password(name, password, as_json)


@staff.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@reporting_errors
def reseal(as_json: bool) -> None:
    """Seal second factors and webhooks' secrets with the first of the secrets in BOT_SECRET_KEY."""
    from bot.triage.resealing import seal_again
    from bot.wiring.consoles import secrets_of

    with _accounts() as accounts:
        told = seal_again(accounts.database, secrets_of(read_environment(), accounts.database), by=who_types())
    if as_json:
        click.echo(json.dumps({"resealed": told.done, "lost": told.lost}))
        return
    click.echo(f"{told.done} sealed again.")
    if told.lost:
        click.echo(f"{told.lost} cannot be opened: put the secret before at the end of BOT_SECRET_KEY.", err=True)


def _print_password(name: str, password: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"name": name, "password": password}))
        return
    click.echo(password)
    click.echo(f"The password of {name}; it must be changed at the first sign-in under /staff.", err=True)


@contextmanager
def _accounts() -> Iterator[AccountStore]:
    from bot.storage.connections import Database
    from bot.triage.people.accounts import AccountStore

    database = Database(read_environment().database_url)
    try:
        if not database.ready():
            database.migrate()
        yield AccountStore(database)
    finally:
        database.close()
