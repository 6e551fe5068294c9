"""Tell editors what families' questions find in the corpus, and what they never find."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import PATH, ProgressBars, index_option, reporting_errors, settings_for

if TYPE_CHECKING:
    from bot.measuring.coverage import Coverage, SectionName


@click.command()
@click.option("--questions", type=PATH, required=True, help="Lines of {_id, text}.")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@reporting_errors
def coverage(questions: Path, index: Path | None, as_json: bool) -> None:
    """Say which questions find nothing, which sections answer none, and which compete for the same ones."""
    from bot import wiring
    from bot.measuring.coverage import cover
    from bot.measuring.gold import read_questions

    asked = list(read_questions(questions))
    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    with ProgressBars() as bars:
        found = cover(answerer, asked, lambda done: bars.show("Asking", done, len(asked)))
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _report(found))


def _report(found: Coverage) -> str:
    lines = [f"{found.asked} questions, {len(found.gaps)} without an answer:"]
    lines += [f"  {gap.question}: {gap.text}  (nearest: {_named(gap.nearest)}, {gap.confidence})" for gap in found.gaps]
    lines.append(f"{len(found.idle)} sections answer none of them:")
    lines += [f"  {_named(name)}" for name in found.idle]
    lines.append(f"{len(found.competing)} pairs of sections compete:")
    lines += [f"  {_named(pair.one)} and {_named(pair.other)}: {', '.join(pair.questions)}" for pair in found.competing]
    return "\n".join(lines)


def _named(name: SectionName | None) -> str:
    if name is None:
        return "none"
    return f"{name.source} > {name.headings}" if name.headings else name.source
