"""The only place that builds real things and joins them: settings in, a corpus ingested or an app ready out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.answering.answer import Answerer
from bot.answering.confidence import Calibration
from bot.conversing.dialogue import Dialogue
from bot.conversing.live import LiveDialogue, open_index
from bot.indexing.build import BuildReport, build_index
from bot.indexing.index import Rejected
from bot.indexing.model import find_model
from bot.indexing.store import BuildStore
from bot.settings import Settings, read_environment

if TYPE_CHECKING:
    from flask import Flask

    from bot.conversing.connections import Database
    from bot.conversing.remembering import Memory, Told
    from bot.conversing.secrecy import Sealer
    from bot.measuring.calibration import CalibrationResult
    from bot.triage.tickets.intake import GistOf
    from bot.web.staff import Desk

# Sources that calibration also indexes one by one, and of how many off-topic texts one is put to each.
_ALONE, _FEWER = 10, 10

Questions = Sequence[tuple[str, frozenset[str]]]


def store_of(settings: Settings) -> BuildStore:
    """Return the store of the configured index folder.

    :param settings: the deployment's settings.
    :returns: a store; its folder need not exist yet.
    """
    return BuildStore(settings.index, keep=settings.keep_builds)


def ingest(settings: Settings, corpora: Sequence[Path], progress: Callable[[str, int, int], None]) -> BuildReport:
    """Read the corpora, embed what changed, and make the result the current Build.

    :param settings: the deployment's settings.
    :param corpora: files and folders.
    :param progress: told the step, how much of it is done, and how much there is.
    :returns: what was done.
    :raises CorpusErrors: when a file cannot be read; the current Build stays.
    :raises IngestBusy: when another ingest writes to the same folder.
    """
    from bot.indexing.sentence_transformer import SentenceTransformerEncoder
    from bot.reading.chunk import MAX_WORDS, passages_of
    from bot.reading.corpus import read_corpus

    store = store_of(settings)
    with store.writing():
        sources = read_corpus(corpora)
        passages = [passage for source in sources for passage in passages_of(source)]
        return build_index(
            sources,
            passages,
            encoder=SentenceTransformerEncoder(find_model(settings.model)),
            store=store,
            passage_max_words=MAX_WORDS,
            progress=progress,
        )


def open_answerer(store: BuildStore) -> tuple[Answerer, list[Rejected]]:
    """Return an Answerer on the current Build, or on the newest earlier one that is whole.

    :param store: where Builds live.
    :returns: the answerer, and the Builds that could not be served.
    :raises IndexUnavailable: when there is none.
    """
    index, rejected = open_index(store)
    return Answerer(index), rejected


def open_dialogue(store: BuildStore) -> tuple[Dialogue, list[Rejected]]:
    """Return what answers messages in their conversations.

    :param store: where Builds live.
    :returns: the dialogue, and the Builds that could not be served.
    :raises IndexUnavailable: when there is none.
    """
    answerer, rejected = open_answerer(store)
    return Dialogue(answerer), rejected


def calibrate(
    settings: Settings,
    left_out: Path,
    data: Sequence[Path],
    off_topic: Path,
    corpus: Path,
    starter: Sequence[Path],
    work: Path,
    progress: Callable[[str, int, int], None],
) -> CalibrationResult:
    """Fit the confidence: half of one set left out, others whole, our own corpus, also source by source, and chatter
    put to all of them.

    :param settings: the deployment's settings; Builds go to ``work``.
    :param left_out: BEIR folder of which half is indexed.
    :param data: BEIR folders that are indexed whole.
    :param off_topic: lines of texts that nothing answers.
    :param corpus: our corpus.
    :param starter: folders of judged questions about our corpus; of several splits the one named ``dev``.
    :param work: folder for Builds; embeddings in it are reused.
    :param progress: as for ``ingest``.
    :returns: the calibration and its shares.
    """
    from bot.measuring.calibration import ONE_SOURCE, collect
    from bot.measuring.calibration import calibrate as choose
    from bot.measuring.gold import read_gold
    from bot.measuring.protocol import read_off_topic, read_own, with_sources, write_half

    chatter = [(text, frozenset[str]()) for text in read_off_topic(off_topic)]
    examples = []

    def ask(name: str, corpora: Sequence[Path], folder: str, questions: Questions) -> Answerer:
        chosen = replace(settings, index=work / f"{folder}-builds", keep_builds=1)
        ingest(chosen, corpora, progress)
        answerer, _ = open_answerer(store_of(chosen))
        examples.extend(collect(answerer, name, questions, lambda source: answerer.source(source) is not None))
        return answerer

    half = work / f"{left_out.name}-half"
    write_half(left_out, half)
    ask(f"{left_out.name} (half)", [half], half.name, with_sources(read_gold(left_out)))
    for folder in data:
        answerer = ask(folder.name, [folder], folder.name, with_sources(read_gold(folder)))
        examples += collect(answerer, f"off topic, {folder.name}", chatter, lambda _: False)
    own = {folder.name: with_sources(read_own(folder)) for folder in starter}
    for name, questions in own.items():
        answerer = ask(name, [corpus], "starter", questions)
    examples += collect(answerer, "off topic, starter", chatter, lambda _: False)
    alone = sorted(corpus.glob("explainers/*.md"))[:_ALONE]
    for path in alone:
        answerer = ask(ONE_SOURCE, [path], f"alone-{path.stem}", [entry for found in own.values() for entry in found])
        examples += collect(answerer, f"off topic, {ONE_SOURCE}", chatter[::_FEWER], lambda _: False)
    sha = answerer.model_sha256
    return choose(examples, sha, fitted_on=", ".join([left_out.name, *(folder.name for folder in [*data, *starter])]))


def write_calibration(calibration: Calibration) -> Path:
    """Replace the calibration that ships with the project.

    :param calibration: as from ``calibrate``.
    :returns: the file.
    """
    path = Path(__file__).parent / "answering" / "calibration.json"
    temporary = path.with_suffix(".partial")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(calibration), indent=2) + b"\n")
    temporary.replace(path)
    return path


def app_from_environment() -> Flask:
    """Return the web application that the environment's settings ask for.

    :returns: as ``build_app``.
    """
    return build_app(read_environment())


def open_memory(settings: Settings) -> Memory:
    """Return what conversations are remembered with, its tables up to date.

    :param settings: the deployment's settings.
    :returns: a memory without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when the database cannot be used.
    """
    return _memory_in(open_database(settings), settings)


def _memory_in(database: Database, settings: Settings, told: Told | None = None) -> Memory:
    from bot.conversing.redaction import redact
    from bot.conversing.remembering import Memory

    return Memory(database, redact=redact, sealer=_sealer(settings), told=told)


def open_database(settings: Settings) -> Database:
    """Return the database that memory and console share, its tables up to date.

    :param settings: the deployment's settings.
    :returns: a database without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when it cannot be used.
    """
    # Imported so that the tables of staff are looked for as well.
    import bot.triage.tables  # noqa: F401
    from bot.conversing.connections import Database

    database = Database(settings.database_url)
    # The release phase has done it already, except with the embedded default, which needs no such phase.
    if not database.ready():
        database.migrate()
    database.close()
    return database


def open_desk(settings: Settings, database: Database, gist_of: GistOf) -> Desk:
    """Return what the console works with.

    :param settings: the deployment's settings.
    :param database: from ``open_database``.
    :param gist_of: makes vectors of what questions ask.
    :returns: a desk for ``create_app``.
    """
    from bot.triage.people.accounts import AccountStore
    from bot.triage.people.audit import AuditLog
    from bot.triage.people.secondfactor import SecondFactor
    from bot.triage.people.secretkey import kept_secret
    from bot.triage.people.signing import SignIn
    from bot.triage.tickets.changing import Changes
    from bot.triage.tickets.gists import Gists
    from bot.triage.tickets.intake import Intake
    from bot.triage.tickets.keeping import Keeping
    from bot.triage.tickets.queue import Queue
    from bot.triage.tickets.reading import Tickets
    from bot.web.staff import Desk

    secret = settings.secret_key or kept_secret(database)
    gists = Gists()
    desk = Desk(
        secret_key=secret,
        accounts=AccountStore(database),
        signing=SignIn(database, SecondFactor(secret, settings.service_name)),
        audit=AuditLog(database),
        intake=Intake(database, gists, gist_of),
        queue=Queue(database, gists, gist_of),
        tickets=Tickets(database),
        changes=Changes(database),
        keeping=Keeping(database),
        secure_cookies=settings.public_url.startswith("https://"),
        second_factor_required=settings.second_factor_required,
    )
    database.close()
    return desk


def _sealer(settings: Settings) -> Sealer | None:
    if not settings.contact_key:
        return None
    from bot.conversing.secrecy import Sealer

    return Sealer(settings.contact_keys())


def build_app(settings: Settings) -> Flask:
    """Return the web application on the current Build.

    :param settings: the deployment's settings.
    :returns: a Flask application; ``app.extensions["warm_up"]`` readies a worker.
    :raises IndexUnavailable: when there is no Build.
    """
    from bot.web.app import create_app

    database = open_database(settings)
    live = LiveDialogue(store_of(settings))
    desk = open_desk(settings, database, live.gist)
    app = create_app(
        live,
        service_name=settings.service_name,
        contact_url=settings.contact_url or None,
        base_url=settings.public_url,
        metrics_folder=settings.metrics_folder or None,
        infographics=settings.corpus / "infographics",
        country=settings.country,
        memory=_memory_in(database, settings, desk.intake.told),
        desk=desk,
    )
    app.extensions["warm_up"] = live.warm_up
    return app
