"""Run the command line: data goes to stdout, messages to stderr; exit 0 is success, 1 failure, 2 wrong usage."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.answering.words import MAY_ALSO
from bot.cli import bank, builds, sites, training
from bot.cli import staff as staff_commands
from bot.cli.builds import fetched_instead, push_after
from bot.cli.coverage import coverage
from bot.cli.dialogue import conversations, safety
from bot.cli.editing import check, new
from bot.cli.inventory import grades, references
from bot.cli.lines import one_line_each
from bot.cli.measuring import evaluate
from bot.cli.options import PATH, ProgressBars, index_option, reporting_errors, settings_for
from bot.cli.remembering import migrate, purge
from bot.cli.reviewing import review, review_sheet
from bot.cli.seed import seed
from bot.cli.siteswitches import close, open_again
from bot.cli.sync import sync
from bot.cli.telling import digest
from bot.cli.training_languages import languages
from bot.dialogue.history import EarlierTurn, turn_of
from bot.errors import QuestionRejected
from bot.records import Answer, SnippetSource
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dialogue import Dialogue
    from bot.indexing.build import BuildReport


@click.group()
@click.version_option(package_name=None, version="0.1.0", prog_name="bot")
def main() -> None:
    """A conversational explainer that quotes its sources word for word."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")


@main.command()
@click.option("--corpus", "corpora", type=PATH, multiple=True, help="File or folder to read; may be given again.")
@index_option
@click.option("--if-missing", is_flag=True, help="Only if there is no Build that can be served.")
@click.option("--rollback", is_flag=True, help="Go back to the Build before the current one; nothing is read.")
@click.option("--cluster", metavar="ADDRESS", help="Embed on the workers of this Dask scheduler, tcp://HOST:PORT.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@reporting_errors
def ingest(
    corpora: tuple[Path, ...],
    index: Path | None,
    if_missing: bool,
    rollback: bool,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Read the corpus, embed what changed and switch to the new Build."""
    from bot import wiring

    settings = settings_for(index)
    store = wiring.store_of(settings)
    if rollback:
        with store.writing():
            build = store.rollback()
        click.echo(json.dumps({"build": build.name}) if as_json else f"Build {build.name} is current.")
        push_after(settings)
        return
    if if_missing and (_has_whole_build(settings) or fetched_instead(settings)):
        click.echo(f"There is a Build in {settings.index}; nothing to do.", err=True)
        return
    with ProgressBars() as bars:
        report = wiring.ingest(settings, corpora or (settings.corpus,), bars.show, cluster=cluster)
    if as_json:
        click.echo(json.dumps({**asdict(report), "path": str(report.path)}))
    else:
        _show(report)
    if not if_missing:
        # A Build that a machine makes only to have something to serve should not go to all the others.
        push_after(settings)


def _show(report: BuildReport) -> None:
    for reason in report.distrusted:
        click.echo(f"Nothing was taken from a damaged Build: {reason}", err=True)
    click.echo(f"Build {report.build} is current.")
    counts = report.counts
    click.echo(f"  {counts.sources} sources, {counts.passages} passages, {counts.sentences} sentences")
    click.echo(f"  {counts.questions} questions to offer, each seen to be answered by its own source")
    click.echo(f"  {report.embedded} passages embedded, {report.reused} reused, {report.removed} removed")
    click.echo(f"  digest {report.digest}")
    click.echo("  " + ", ".join(f"{step} {spent:.1f} s" for step, spent in report.seconds.items()))


def _has_whole_build(settings: Settings) -> bool:
    from bot import wiring
    from bot.errors import IndexUnavailable

    try:
        _, rejected = wiring.open_answerer(wiring.store_of(settings))
    except IndexUnavailable:
        return False
    return not rejected


@main.command()
@click.argument("question", required=False)
@click.option("--file", "file", type=click.File(encoding="utf-8"), help="Lines of {_id, text} or {_id, turns}.")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print the Answer as JSON.")
@reporting_errors
def ask(question: str | None, file: TextIO | None, index: Path | None, as_json: bool) -> None:
    """Answer one QUESTION, or many from a file as JSON lines."""
    from bot import wiring

    if (question is None) == (file is None):
        raise click.UsageError("Give a question or --file, and not both.")
    settings = settings_for(index)
    dialogue, _ = wiring.open_dialogue(wiring.store_of(settings))
    if file is not None:
        for record in _file_records(file):
            click.echo(json.dumps(_answers_to(record, dialogue, settings.country), ensure_ascii=False))
        return
    answer = dialogue.reply(question or "", country=settings.country).answer
    click.echo(json.dumps(asdict(answer), ensure_ascii=False) if as_json else _readable(answer))


def _file_records(file: TextIO) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise click.ClickException(
                f"{file.name}:{number}: no JSON ({error.msg}). Write one object a line."
            ) from error
        texts = [record, *record.get("turns", [])] if isinstance(record, dict) else []
        if not texts or "_id" not in record or not any(isinstance(t, dict) and "text" in t for t in texts):
            raise click.ClickException(f"{file.name}:{number}: expected {{_id, text}} or {{_id, turns: [{{text}}]}}.")
        yield record


def _answers_to(record: dict[str, Any], dialogue: Dialogue, country: str) -> dict[str, Any]:
    """Return the answer to a record's text, or to each of its turns in the order of one conversation."""
    history: list[EarlierTurn] = []

    def one(text: str) -> dict[str, Any]:
        try:
            replied = dialogue.reply(text, history, country=country)
        except QuestionRejected as error:
            return {"status": f"rejected_{error.reason}", "message": str(error), "snippets": [], "near": []}
        history.append(turn_of(text, replied.reading, replied.answer))
        return asdict(replied.answer)

    if "turns" in record:
        return {"_id": record["_id"], "answers": [one(str(turn["text"])) for turn in record["turns"]]}
    return {"_id": record["_id"], "answer": one(str(record["text"]))}


def _readable(answer: Answer) -> str:
    lines = [notice.text for notice in answer.notices]
    if answer.message:
        lines.append(answer.message)
    for snippet in answer.snippets:
        lines += [f"“{snippet.text}”", *_credit(snippet.source)]
    if answer.snippets and answer.near:
        lines.append(MAY_ALSO)
    for snippet in answer.near:
        lines += [f"?  “{snippet.text}”", *_credit(snippet.source)]
    lines += [f"{term.term}: {term.definition}" for term in answer.terms]
    lines += [f"→ {suggestion}" for suggestion in answer.suggestions]
    return "\n".join([*lines, f"[{answer.status}, confidence {answer.confidence:.2f}, Build {answer.build}]"])


def _credit(source: SnippetSource) -> list[str]:
    from bot.web.dating import looked_at
    from bot.web.words import ENGLISH, read_words

    said = f", {source.speaker}" if source.speaker else ""
    place = f" · {source.section}" if source.section else ""
    review = (source.updated_on, source.reviewed_on, source.reviewed_by, source.changed_since_review)
    looked = looked_at(read_words(ENGLISH), *review)
    lines = [f"   {source.kind.capitalize()}: {source.title}{place}{said}", f"   {source.url}"]
    return [*lines, f"   {looked}"] if looked else lines


@main.command()
@click.option("--queries", type=click.Path(path_type=Path), required=True, help="Lines of {_id, text}.")
@click.option("--k", default=100, show_default=True, type=click.IntRange(1, 1000), help="Documents a question.")
@click.option("--run", "run_file", type=click.Path(path_type=Path), required=True, help="TREC run file to write.")
@index_option
@reporting_errors
def search(queries: Path, k: int, run_file: Path, index: Path | None) -> None:
    """Rank documents for many questions, in TREC run format."""
    from bot import wiring
    from bot.measuring.gold import read_questions
    from bot.measuring.trec import write_run

    answerer, _ = wiring.open_answerer(wiring.store_of(settings_for(index)))
    questions = read_questions(queries)
    lines = write_run(run_file, ((question.id, answerer.rank(question.text, k)) for question in questions))
    click.echo(f"{len(questions)} questions, {lines} lines in {run_file}", err=True)


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port; the setting PORT by default.")
@index_option
@reporting_errors
def serve(port: int | None, index: Path | None) -> None:
    """Run the development server; production is the Procfile."""
    from bot import wiring

    settings = settings_for(index)
    app = wiring.build_app(settings)
    app.extensions["warm_up"]()
    # The development server logs whole URLs, and that of a search contains the question.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    click.echo(f"Serving at http://{settings.host}:{port or settings.port}", err=True)
    app.extensions["begin_work"]()
    app.run(host=settings.host, port=port or settings.port, threaded=True)


main.add_command(builds.builds)
main.add_command(check)
main.add_command(new)
main.add_command(references)
main.add_command(grades)
main.add_command(bank.bank)
main.add_command(review_sheet)
main.add_command(review)
main.add_command(sync)
main.add_command(coverage)
main.add_command(evaluate)
main.add_command(conversations)
main.add_command(safety)
training.train.add_command(languages)
main.add_command(training.train)
main.add_command(migrate)
main.add_command(purge)
main.add_command(sites.site)
main.add_command(close)
main.add_command(open_again)
main.add_command(staff_commands.staff)
main.add_command(digest)
main.add_command(seed)
one_line_each(main)
