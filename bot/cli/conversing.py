"""The commands that fit and measure conversing: safety, leaning and conversations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.options import PATH, index_option, reporting_errors, settings_for

_KINDS = ("emergency", "crisis", "personal", "none")


@click.command("safety")
@click.argument("files", type=PATH, nargs=-1, required=True)
@click.option(
    "--fit", "dev", type=PATH, multiple=True, help="Judged messages to choose floors on; fits the model anew."
)
@click.option("--ordinary", type=PATH, multiple=True, help="Lines of {text}: questions without danger, to learn from.")
@click.option("--write", is_flag=True, help="With --fit: write bot/conversing/safety/model.json.")
@click.option("--wrong", is_flag=True, help="List the messages that were taken for something else.")
@index_option
@reporting_errors
def safety(
    files: tuple[Path, ...],
    dev: tuple[Path, ...],
    ordinary: tuple[Path, ...],
    write: bool,
    wrong: bool,
    index: Path | None,
) -> None:
    """Print what becomes of judged messages in FILES: lines of {_id, text, label}."""
    from bot import wiring
    from bot.conversing.safety.danger import packaged_model
    from bot.measuring import safety as measuring
    from bot.measuring.protocol import read_off_topic

    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    model = packaged_model()

    if dev:
        questions = [text for path in ordinary for text in read_off_topic(path)]
        exemplars = measuring.read_exemplars(questions)
        model = measuring.fit_safety(exemplars, measuring.read_messages(dev), answerer.vector_of, answerer.model_sha256)
        click.echo(f"Learnt from {len(exemplars)} messages.", err=True)
    report = measuring.judge_messages(measuring.read_messages(files), model, answerer.vector_of, answerer.model_sha256)
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
    if dev and write:
        click.echo(f"Written: {measuring.write_model(model)}", err=True)


@click.command("fit-leaning")
@click.option("--turns", type=PATH, required=True, help="Lines of {topic, raw, history, needs_context}.")
@click.option("--write", is_flag=True, help="Write bot/conversing/leaning.json; else only print.")
@index_option
@reporting_errors
def fit_leaning(turns: Path, write: bool, index: Path | None) -> None:
    """Learn which turns lean on what was said before, and print how well topics left out are told."""
    from bot import wiring
    from bot.measuring import leaning

    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    result = leaning.fit_leaning(leaning.read_turns(turns), answerer.vectors_of)
    click.echo(f"{result.turns} turns, balanced accuracy on topics left out {result.balanced_accuracy:.3f}")
    if write:
        click.echo(f"Written: {leaning.write_weights(result.weights)}", err=True)


@click.command("fit-readings")
@click.option("--conversations", "judged", type=PATH, required=True, help="Judged conversations to learn from.")
@click.option("--alone", type=PATH, required=True, help="A folder of judged questions that stand alone, split dev.")
@click.option("--write", is_flag=True, help="Write bot/conversing/readings.json; else only print.")
@index_option
@reporting_errors
def fit_readings(judged: Path, alone: Path, write: bool, index: Path | None) -> None:
    """Learn whether a question was meant alone or as leaning on what was said, from what both readings find."""
    from bot import wiring
    from bot.measuring import readings
    from bot.measuring.conversations import read_conversations
    from bot.measuring.gold import read_gold

    dialogue, _ = wiring.open_dialogue(wiring.store_of(settings_for(index)))
    questions = [question.text for question in read_gold(alone, split="dev").questions]
    result = readings.fit_readings(list(readings.examples_of(dialogue, read_conversations(judged), questions)))
    click.echo(f"{result.examples} questions after others; told of those in conversations left out:")
    click.echo(f"  leaning ones {result.leaning_told:.3f}, standing ones {result.standing_told:.3f}")
    click.echo(f"  {result.standing_spared:.3f} of the standing ones need no second look-up")
    if write:
        click.echo(f"Written: {readings.write_readings(result.weights)}", err=True)


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
