"""Run the commands of editors: check what is written, and begin something new."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, PATH, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from bot.editing.finding import Finding
    from bot.editing.template import NewKind


@click.command()
@click.argument("files", type=click.Path(path_type=Path, exists=True), nargs=-1)
@click.option("--corpus", "corpora", type=PATH, multiple=True, help="File or folder to check; may be given again.")
@click.option("--errors-only", is_flag=True, help="Leave warnings out.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@reporting_errors
@click.pass_context
def check(
    context: click.Context, files: tuple[Path, ...], corpora: tuple[Path, ...], errors_only: bool, as_json: bool
) -> None:
    """Say what is to be mended in the corpus; exit 1 where a finding is an error.

    With FILES, files or folders of it, only what is to be mended in those, though all of it is read.
    """
    from bot.editing.check import check_corpus
    from bot.editing.summary import chosen, summary

    whole = check_corpus(_all_of(corpora, files), today=datetime.now(UTC).date())
    report = chosen(whole, files, errors_only=errors_only)
    if as_json:
        click.echo(json.dumps({**asdict(report), "errors": report.errors}, ensure_ascii=False))
    for finding in () if as_json else sorted(report.findings, key=_is_error):
        click.echo(_line(finding))
    for line in summary(report, whole):
        click.echo(line, err=True)
    context.exit(1 if report.errors else 0)


def _all_of(corpora: tuple[Path, ...], files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the corpus, and those files to check that lie outside it."""
    within = corpora or (read_environment().corpus,)
    tops = [path.resolve() for path in within]
    return (*within, *(file for file in files if not any(file.resolve().is_relative_to(top) for top in tops)))


def _is_error(finding: Finding) -> bool:
    """Whether a finding is an error, so that errors come last, where the user looks."""
    return finding.severity == "error"


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}"
    return f"{place}: {finding.severity} [{finding.rule}] {finding.found}. {finding.cure}"


def _source_id(_: click.Context, __: click.Parameter, value: str) -> str:
    from bot.reading.pagetext import slug_of

    if value != slug_of(value) or not value:
        raise click.BadParameter(
            f"{value!r} cannot be in a link. Write lower-case letters and digits, joined by hyphens."
        )
    return value


@click.command()
@click.argument("kind", type=click.Choice(["explainer", "interview"]))
@click.argument("slug", callback=_source_id)
@click.option("--corpus", type=FOLDER, default=None, help="Folder of the corpus; the setting BOT_CORPUS by default.")
@reporting_errors
def new(kind: NewKind, slug: str, corpus: Path | None) -> None:
    """Begin a source: a file with all its fields and sections, to be filled in."""
    from bot.editing.template import write_new_source

    path = write_new_source(kind, slug, corpus or read_environment().corpus, today=datetime.now(UTC).date())
    click.echo(path)
    click.echo("Fill it in, then run `python -m bot check`.", err=True)
