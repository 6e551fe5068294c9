"""List what a corpus cites and how hard it is to read, for a reviewer or a spreadsheet."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

import click

from bot.cli.options import FOLDER, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.editing.inventory import Row
    from bot.records import Source

_corpus_option = click.option(
    "--corpus", type=FOLDER, default=None, help="Folder of the corpus; the setting BOT_CORPUS by default."
)
_format_option = click.option(
    "--format", "form", type=click.Choice(["text", "csv"]), default="text", help="Lines to read, or CSV with a header."
)


@click.command()
@_corpus_option
@_format_option
@reporting_errors
def references(corpus: Path | None, form: str) -> None:
    """List every page that the corpus cites, with the day on which an editor saw it."""
    from bot.editing.inventory import REFERENCE_FIELDS, reference_rows

    _print(REFERENCE_FIELDS, reference_rows(_sources(corpus)), form)


@click.command()
@_corpus_option
@_format_option
@reporting_errors
def grades(corpus: Path | None, form: str) -> None:
    """List the reading grade of every section that editors wrote."""
    from bot.editing.inventory import GRADE_FIELDS, grade_rows

    _print(GRADE_FIELDS, grade_rows(_sources(corpus)), form)


def _sources(corpus: Path | None) -> list[Source]:
    from bot.reading.corpus import read_corpus

    return read_corpus([corpus or read_environment().corpus])


def _print(fields: Row, rows: Iterable[Row], form: str) -> None:
    if form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([fields, *rows])
        return
    for row in rows:
        click.echo("  ".join(field or "-" for field in row))
