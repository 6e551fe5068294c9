"""Run ``python -m bot train languages``: learn to recognize danger by letters and words."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import reporting_errors
from bot.training.lines import HEADS_HANDS

_ROOT = Path(__file__).parents[2]
# Two in three of the general lines are near twins of a danger. Run "languages" in docs/evaluation.md.
_GENERAL_URGENT = 0.05


@click.command()
@click.option("--write", is_flag=True, help="Write the table to bot/models, where serving reads it.")
@reporting_errors
def languages(write: bool) -> None:
    """Learn danger by letters and words from the lines of bot/training/data, and measure each foreign hand left out."""
    from bot.training import languages as training

    hands = training.packaged_hands()
    english = training.english_lines(_ROOT / "corpus" / "questions", HEADS_HANDS)
    everything = [line for lines in hands.values() for line in lines]
    run = f"hands {', '.join(hands)}: {len(everything)} lines, {len(english)} in English"
    table = training.fit_languages(everything, english, general_urgent=_GENERAL_URGENT, run=run)
    click.echo(f"{run}; urgent from {table.card.urgent}, near from {table.card.near}")
    if write:
        training.write_table(table, _ROOT / "bot" / "models")
    for hand, left in hands.items():
        rest = [line for other, lines in hands.items() if other != hand for line in lines]
        table = training.fit_languages(rest, (), general_urgent=_GENERAL_URGENT, run=f"without {hand}")
        for kind in training.KINDS:
            count = training.counted(table, [line for line in left if line.label == kind])
            click.echo(f"{hand} left out, {kind}: {count.lines} lines, {count.urgent} urgent, {count.right} right")
