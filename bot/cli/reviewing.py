"""Run the commands of a clinician's review: print the sheet to read and sign, and record who signed it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from pathlib import Path

_corpus_option = click.option(
    "--corpus", type=FOLDER, default=None, help="Folder of the corpus; the setting BOT_CORPUS by default."
)


@click.command("review-sheet")
@click.argument("slug")
@_corpus_option
@reporting_errors
def review_sheet(slug: str, corpus: Path | None) -> None:
    """Print the sheet of a source for a clinician to read and sign, as Markdown."""
    from bot.editing.bank import questions_of, source_of
    from bot.editing.sheet import review_sheet as sheet_of

    folder = corpus or read_environment().corpus
    source = source_of(folder, slug)
    questions, complaints = questions_of(folder, source)
    click.echo(sheet_of(source, questions))
    if complaints:
        click.echo(f"{len(complaints)} lines of its questions are left out; `python -m bot check` says why.", err=True)


@click.command()
@click.argument("slug")
@click.option("--by", required=True, help="Name of who reviewed it, as families will read it.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the review, YYYY-MM-DD.")
@_corpus_option
@reporting_errors
def review(slug: str, by: str, day: datetime, corpus: Path | None) -> None:
    """Write into a source who reviewed it, when, and the hash of what it says."""
    from bot.editing.bank import source_of
    from bot.editing.recording import record_review

    source = source_of(corpus or read_environment().corpus, slug)
    click.echo(record_review(source, by, day.date(), today=datetime.now(UTC).date()))
    click.echo("Pages say so after the next `python -m bot ingest`.", err=True)
