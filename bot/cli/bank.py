"""Run the commands of the question bank: carry quotes over to changed texts, and add questions."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.cli.options import FOLDER, reporting_errors
from bot.settings import read_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.bank import FileMoves
    from bot.editing.carryover import Move

_corpus_option = click.option(
    "--corpus", type=FOLDER, default=None, help="Folder of the corpus; the setting BOT_CORPUS by default."
)


@click.group()
def bank() -> None:
    """What families may ask of each source: corpus/questions."""


@bank.command("carry-over")
@_corpus_option
@click.option("--write", is_flag=True, help="Write what is near enough; else it is only shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each quote and heading.")
@reporting_errors
@click.pass_context
def carry_over(context: click.Context, corpus: Path | None, write: bool, as_json: bool) -> None:
    """Show the sentence that comes nearest to each quote that its text has lost; exit 1 where some stay lost."""
    from bot.editing.bank import carry_over as write_moves
    from bot.editing.bank import lost_in

    files = lost_in(corpus or read_environment().corpus)
    for file in files:
        for line in _as_json(file) if as_json else _as_text(file):
            click.echo(line)
        if write:
            write_moves(file)
    moves = [move for file in files for move in file.moves]
    near = sum(move.why_not is None for move in moves)
    done = "carried over" if write else "would be carried over by --write"
    click.echo(
        f"{len(moves)} quotes and headings are lost in {len(files)} files; {near} {done}, {len(moves) - near} not.",
        err=True,
    )
    context.exit(1 if near < len(moves) else 0)


@bank.command()
@click.argument("slug")
@_corpus_option
@click.option("--file", "file", type=click.File("rb"), default=None, help="The lines; standard input by default.")
@click.option("--json", "as_json", is_flag=True, help="Print what came to it as JSON.")
@reporting_errors
def add(slug: str, corpus: Path | None, file: BinaryIO | None, as_json: bool) -> None:
    """Add questions to the source SLUG, one JSON object a line, all of them or none."""
    from bot.editing.bank import add_lines

    name, raw = ("standard input", sys.stdin.buffer.read()) if file is None else (file.name, file.read())
    done = add_lines(corpus or read_environment().corpus, slug, raw, name)
    click.echo(json.dumps({**asdict(done), "path": str(done.path)}) if as_json else done.path)
    click.echo(f"{done.added} questions came to it; it has {done.questions}.", err=True)


def _as_json(file: FileMoves) -> Iterator[str]:
    return (json.dumps({"path": str(file.path), **asdict(move)}, ensure_ascii=False) for move in file.moves)


def _as_text(file: FileMoves) -> Iterator[str]:
    """Yield what is lost with its nearest match, once for all lines that have lost it."""
    same: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in file.moves:
        same[move.kind, move.old].append(move)
    for moves in same.values():
        first = moves[0]
        yield f"{file.path}:{_numbers(moves)}: {first.kind}, {first.score:g} alike{_but(first)}"
        yield f"  - {first.old}"
        yield f"  + {first.new}"


def _numbers(moves: Sequence[Move]) -> str:
    return ",".join(str(move.line) for move in moves)


def _but(move: Move) -> str:
    return f"; not carried over: {move.why_not}" if move.why_not else ""
