"""Run the commands that measure replies to messages: safety and conversations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import PATH, index_option, reporting_errors, settings_for

_KINDS = ("emergency", "crisis", "personal", "none")


@click.command("safety")
@click.argument("files", type=PATH, nargs=-1, required=True)
@click.option("--wrong", is_flag=True, help="List the messages that were taken for something else.")
@index_option
@reporting_errors
def safety(files: tuple[Path, ...], wrong: bool, index: Path | None) -> None:
    """Print what becomes of judged messages in FILES: lines of {_id, text, label}."""
    from bot import wiring
    from bot.measuring import safety as measuring
    from bot.safety.danger import SafetyClassifier, packaged_thresholds
    from bot.safety.languages import urgent_by_words

    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    watch = SafetyClassifier(packaged_thresholds(), answerer.message_kinds, urgent_by_words)
    report = measuring.judge_messages(measuring.read_messages(files), watch, answerer.vectors_of)
    click.echo("| is \\ taken for | " + " | ".join(_KINDS) + " |\n|---|---|---|---|---|")
    for label in _KINDS:
        click.echo(f"| {label} | " + " | ".join(str(report.table[label, taken]) for taken in _KINDS) + " |")
    urgent = ("emergency", "crisis")
    click.echo(f"\nEmergencies and crises referred as one of the two: {report.share(urgent, urgent):.3f}")
    click.echo(f"Personal decisions referred, to whomever: {report.share(['personal'], (*urgent, 'personal')):.3f}")
    click.echo(f"Others taken for an emergency or a crisis: {report.share(['none'], urgent):.3f}")
    click.echo(f"Others taken for a personal decision: {report.share(['none'], ['personal']):.3f}")
    for message, danger in report.wrong if wrong else ():
        seen = f"{danger.kind} by {danger.score:.2f}" if danger else "none"
        click.echo(f"{message.id}: {message.label} taken for {seen}: {message.text}")


@click.command("conversations")
@click.argument("file", type=PATH)
@click.option("--wrong", is_flag=True, help="List the turns that quote no right source.")
@index_option
@reporting_errors
def conversations(file: Path, wrong: bool, index: Path | None) -> None:
    """Print how often the turns of judged conversations in FILE find their source, as typed and as spelled out."""
    from bot import wiring
    from bot.measuring import conversations as measuring

    dialogue, _ = wiring.open_dialogue(wiring.store_of(settings_for(index)))
    results = list(measuring.converse(dialogue, measuring.read_conversations(file)))
    click.echo("| turns | number | right | wrong | spelled out: right | wrong |\n|---|---|---|---|---|---|")
    for name, leans in (("that lean", True), ("that stand alone", False)):
        shares = asdict(measuring.shares_of([result for result in results if result.turn.leans is leans]))
        number, *values = shares.values()
        click.echo(f"| {name} | {number} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    for result in results if wrong else ():
        if not measuring.is_right(result.turn, result.answer):
            quoted = ", ".join(snippet.source.id for snippet in result.answer.snippets) or result.answer.status
            click.echo(f"{result.conversation}: {result.turn.text} ({result.reading or 'alone'}): {quoted}")
