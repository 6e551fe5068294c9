"""The commands of editors: check what is written, and begin something new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, PATH, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from bot.editing.finding import Finding, Report
    from bot.editing.template import NewKind


@click.command()
@click.option("--corpus", "corpora", type=PATH, multiple=True, help="File or folder to check; may be given again.")
@click.option("--errors-only", is_flag=True, help="Leave out what is only a warning.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@reporting_errors
@click.pass_context
def check(
    context: click.Context, corpora: tuple[Path, ...], errors_only: bool, as_json: bool, files: tuple[Path, ...]
) -> None:
    """Say what is to be mended in the corpus, or in FILES of it; exit 1 where a finding is an error."""
    from bot.editing.check import check_corpus

    report = check_corpus(corpora or (read_environment().corpus,), today=datetime.now(UTC).date())
    report = replace(report, findings=tuple(_wanted(report, files, errors_only=errors_only)))
    if as_json:
        click.echo(json.dumps({**asdict(report), "errors": report.errors}, ensure_ascii=False))
    for finding in () if as_json else report.findings:
        click.echo(_line(finding))
    click.echo(_sum(report), err=True)
    context.exit(1 if report.errors else 0)


def _wanted(report: Report, files: tuple[Path, ...], *, errors_only: bool) -> Iterator[Finding]:
    """The findings that were asked for; those of a folder are those of all files below it."""
    places = [file.resolve() for file in files]
    for finding in report.findings:
        path = Path(finding.path).resolve()
        is_here = not places or any(place == path or place in path.parents for place in places)
        if is_here and not (errors_only and finding.severity != "error"):
            yield finding


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}"
    return f"{place}: {finding.severity} [{finding.rule}] {finding.found}. {finding.cure}"


def _sum(report: Report) -> str:
    graded = f"median grade {report.median_grade}, highest {report.highest_grade}" if report.sections else "no grades"
    return (
        f"{report.sources} sources, {report.explainers} of them explainers with {report.words:,} words; "
        f"{report.sections} sections, {graded}; "
        f"{report.errors} errors, {len(report.findings) - report.errors} warnings"
    )


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
