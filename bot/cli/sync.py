"""Run the command that brings the corpus up to date with a feed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from bot.syncing.outcome import Outcome, SyncReport


def _hosts(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    found = set()
    for value in values:
        host, _colon, port = value.rpartition(":")
        if not host or not port.isascii() or not port.isdigit():
            raise click.BadParameter(f"{value!r} is not a host with its port, such as feeds.example.org:8443.")
        found.add((host.strip("[]").lower(), int(port)))
    return frozenset(found)


@click.command()
@click.option("--feed", required=True, metavar="URL|FILE", help="The feed: a link, or a file.")
@click.option("--corpus", type=FOLDER, default=None, help="Folder of the corpus; the setting BOT_CORPUS by default.")
@click.option("--all", "again", is_flag=True, help="Look at all entries, also those that have not changed.")
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    callback=_hosts,
    metavar="HOST:PORT",
    help="A host that may be fetched from though it is not on the open internet; may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@reporting_errors
@click.pass_context
def sync(
    context: click.Context,
    feed: str,
    corpus: Path | None,
    again: bool,
    trusted: frozenset[tuple[str, int]],
    as_json: bool,
) -> None:
    """Take new episodes, articles and videos from a feed into the corpus, and retire what was withdrawn."""
    from bot.syncing.sync import sync_feed

    folder = corpus or read_environment().corpus
    if not folder.is_dir():
        raise click.BadParameter(f"There is no folder {folder}. Make it, or name the corpus.", param_hint="--corpus")
    report = sync_feed(feed, folder, today=datetime.now(UTC).date(), trusted=trusted, again=again)
    if as_json:
        click.echo(json.dumps({**asdict(report), "counts": report.counts()}, ensure_ascii=False))
    for outcome in () if as_json else report.outcomes:
        if outcome.action != "unchanged":
            click.echo(_line(outcome))
    for warning in report.warnings:
        click.echo(warning, err=True)
    click.echo(_sum(report), err=True)
    context.exit(1 if report.failed else 0)


def _line(outcome: Outcome) -> str:
    words = [f"{outcome.action}:", outcome.title or "(without a title)"]
    words += [f"[{outcome.path}]"] if outcome.path else []
    words += [f"- {outcome.note}"] if outcome.note else []
    return " ".join(words)


def _sum(report: SyncReport) -> str:
    if report.is_unchanged:
        return "The feed has not changed since the last sync."
    counts = ", ".join(f"{count} {action}" for action, count in report.counts().items()) or "no entries"
    return f"{counts}. Run `python -m bot check`, then `python -m bot ingest`."
