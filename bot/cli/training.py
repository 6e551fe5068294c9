"""The commands that learn: ``train encoder``, ``train safety`` and ``train reader``, in this order, with an ingest
before the last. Everything runs offline on a processor and writes into ``bot/models``."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import PATH, ProgressBars, index_option, reporting_errors, settings_for
from bot.settings import read_environment
from bot.training.lines import HEADS_HANDS, HEADS_TALKS, READER_HANDS, READER_TALKS

if TYPE_CHECKING:
    from bot.editing.carryover import Move
    from bot.training.reading import PublicPair
    from bot.training.routing import KnownMessage

# Hands s wrote beside each danger, or decision about one person, a message like it that is none, hands v ordinary
# messages that sound like danger, and bank-2 is what the head was unsure of. They are read so often, since that
# difference is the hard part: run "twins" in docs/models/routing-head.md.
_TWIN_HANDS = (*(f"s{number}" for number in range(15, 30)), "bank-2", "v1", "v2", "v4", "v6", "v7", "v9")
_TWINS_REPEAT = 3
_PUBLIC_CHARS = 240
_BANK_MESSAGES, _CHATTER = 1500, 300
_CHECKPOINTS = Path("var/training")


@click.group()
def train() -> None:
    """Train the project's own small models from the files in bot/training/data and the question bank."""


@train.command("encoder")
@click.option("--general", type=PATH, default=None, help="Lines of {question, title, text}, to keep it general.")
@click.option("--without", multiple=True, help="Id of a source to leave out; may be given again.")
@click.option("--steps", default=780, show_default=True, type=click.IntRange(10, 100_000), help="How long.")
@click.option("--go-on", is_flag=True, help="Begin from the head that ships, at half the rate.")
@click.option("--mean", is_flag=True, help="With --go-on: write the mean of the head that ships and what was learnt.")
@click.option("--write/--try", default=True, help="Write bot/models/reading_head.*, or only keep the checkpoint.")
@reporting_errors
def train_encoder(
    general: Path | None, without: tuple[str, ...], steps: int, go_on: bool, mean: bool, write: bool
) -> None:
    """Train the reading head. A stopped training goes on where it was, from var/training/reading.pt."""
    from bot.indexing.model import find_model
    from bot.reading.chunk import passages_of
    from bot.reading.corpus import read_corpus
    from bot.training.conversations import lines_of, read_talks
    from bot.training.lines import read_families
    from bot.training.reading import train_reading_head
    from bot.training.trunk import Plan, mean_with_shipped, write_head

    _check_mean(mean, go_on)
    settings = read_environment()
    files = find_model(settings.model)
    sources = [source for source in read_corpus([settings.corpus]) if source.id not in without]
    passages = [passage for source in sources for passage in passages_of(source)]
    checkpoint = _checkpoint("reading")
    with ProgressBars() as bars:
        layers = train_reading_head(
            files,
            sources,
            passages,
            [*read_families(HEADS_HANDS), *lines_of(read_talks(HEADS_TALKS), fragments=False)],
            list(_public(general)) if general else [],
            Plan(steps=steps, rate=_rate(go_on), batch=46),
            checkpoint=checkpoint,
            progress=bars.show,
            goes_on=go_on,
        )
    if mean:
        mean_with_shipped("reading", files, layers)
    if write:
        card = write_head("reading", files, layers, None, ())
        checkpoint.unlink(missing_ok=True)
        click.echo(f"Written: bot/models/reading_head.safetensors, SHA-256 {card.sha256}. Ingest anew.", err=True)


@train.command("safety")
@click.option("--chatter", type=PATH, default=None, help="Lines of {text} that are off every topic.")
@click.option("--steps", default=1500, show_default=True, type=click.IntRange(10, 100_000), help="How long.")
@click.option("--go-on", is_flag=True, help="Begin from the head that ships, at half the rate, with all messages.")
@click.option("--mean", is_flag=True, help="With --go-on: write the mean of the head that ships and what was learnt.")
@reporting_errors
def train_safety(chatter: Path | None, steps: int, go_on: bool, mean: bool) -> None:
    """Train the routing head, which tells danger, decisions about one person and talk from questions."""
    from bot.indexing.model import find_model
    from bot.training.lines import KINDS
    from bot.training.routing import train_routing_head
    from bot.training.trunk import Plan, mean_with_shipped, write_head

    settings = read_environment()
    files = find_model(settings.model)
    _check_mean(mean, go_on)
    messages = list(_messages(settings.corpus, chatter))
    checkpoint = _checkpoint("routing")
    with ProgressBars() as bars:
        layers, classify = train_routing_head(
            files,
            messages,
            Plan(steps=steps, rate=_rate(go_on), batch=32, keep_every=100),
            checkpoint=checkpoint,
            progress=bars.show,
            goes_on=go_on,
        )
    if mean:
        mean_with_shipped("routing", files, layers, classify)
    card = write_head("routing", files, layers, classify, KINDS)
    checkpoint.unlink(missing_ok=True)
    click.echo(f"Learnt from {len(messages)} messages.", err=True)
    click.echo(f"Written: bot/models/routing_head.safetensors, SHA-256 {card.sha256}. Ingest anew.", err=True)


@train.command("reader")
@index_option
@reporting_errors
def train_reader(index: Path | None) -> None:
    """Fit which sentence answers and how likely it does, on the current Build, and choose the thresholds."""
    from bot import wiring

    report = wiring.fit_packaged_reader(settings_for(index), READER_HANDS, HEADS_HANDS, READER_TALKS)
    click.echo(report)


@train.command("carry-over")
@click.option("--write", is_flag=True, help="Write what is near enough, and leave out the rest; else it is only shown.")
@reporting_errors
def carry_over(write: bool) -> None:
    """Show where the quotes of the hands go that a changed text has lost."""
    from bot.editing.bank import sources_of
    from bot.editing.hands import lost_by_hands, write_hand
    from bot.training.lines import FOLDER

    sources = sources_of(read_environment().corpus)
    hands = [hand for room in ("families", "conversations") for hand in lost_by_hands(FOLDER / room, sources)]
    for hand in hands:
        for move in hand.moves:
            click.echo(
                f"{hand.path.name}:{move.line}: {move.score:g} alike{_but(move)}\n  - {move.old}\n  + {move.new}"
            )
        if write:
            write_hand(hand)
    moves = [move for hand in hands for move in hand.moves]
    near = sum(move.why_not is None for move in moves)
    click.echo(f"{len(moves)} quotes are lost; {near} can be carried over{' and were' if write else ''}.", err=True)


def _check_mean(mean: bool, go_on: bool) -> None:
    if mean and not go_on:
        raise click.UsageError("--mean is of the head that ships and one that went on from it; add --go-on.")


def _rate(go_on: bool) -> float:
    return 5e-5 if go_on else 1e-4


def _but(move: Move) -> str:
    return f"; left out: {move.why_not}" if move.why_not else ""


def _messages(corpus: Path, chatter: Path | None) -> Iterator[KnownMessage]:
    from bot.reading.corpus import read_corpus
    from bot.training.lines import read_families, read_messages
    from bot.training.routing import KnownMessage

    messages = read_messages()
    twins = read_messages(only=_TWIN_HANDS) * (_TWINS_REPEAT - 1)
    yield from (KnownMessage(line.text, line.label) for line in [*messages, *twins])
    for line in read_families(HEADS_HANDS):
        yield KnownMessage(line.text, "general" if line.sources else line.kind)
    drawn = random.Random(7)
    # What the bank asks in danger stands among the messages with what it is.
    known = {line.text for line in messages}
    asked = (question.text for source in read_corpus([corpus]) for question in source.bank if question.spans)
    bank = [text for text in asked if text not in known]
    yield from (KnownMessage(text, "general") for text in drawn.sample(bank, min(_BANK_MESSAGES, len(bank))))
    if chatter is not None:
        lines = [json.loads(line)["text"] for line in chatter.read_text(encoding="utf-8").splitlines() if line.strip()]
        yield from (KnownMessage(text, "offtopic") for text in drawn.sample(lines, min(_CHATTER, len(lines))))


def _public(path: Path) -> Iterator[PublicPair]:
    from bot.training.reading import PublicPair

    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield PublicPair(record["question"], f"{record['title']}. {record['text'][:_PUBLIC_CHARS]}")


def _checkpoint(name: str) -> Path:
    _CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    return _CHECKPOINTS / f"{name}.pt"
