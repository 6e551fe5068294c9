"""Make a Build of a corpus in the store, and open what answers from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

from bot.answering.answer import Answerer
from bot.dialogue import Dialogue
from bot.dialogue.live import open_index
from bot.errors import ClusterUnavailable
from bot.indexing.build import BuildReport, build_index
from bot.indexing.encoder import Encoder
from bot.indexing.hands import Hands, OwnHands
from bot.indexing.index import Rejected, tags_of
from bot.indexing.model import find_model
from bot.indexing.publishing import forget
from bot.indexing.store import BuildStore
from bot.settings import Settings
from bot.wiring.engines import open_engine, parts_of


def store_of(settings: Settings) -> BuildStore:
    """Return the store of the configured index folder.

    :returns: a store; its folder need not exist yet. Calls to its engine, if it has one, have no time limit.
    """
    return BuildStore(settings.index, keep=settings.keep_builds, engine=open_engine(settings))


def ingest(
    settings: Settings,
    corpora: Sequence[Path],
    progress: Callable[[str, int, int], None],
    *,
    cluster: str | None = None,
) -> BuildReport:
    """Read the corpora, embed what changed, and make the result the current Build.

    :param corpora: files and folders.
    :param cluster: the address of a scheduler whose workers embed; the cores of this machine by default.
    :raises ClusterUnavailable: when the cluster cannot be used; the current Build stays.
    :raises CorpusErrors: when a file cannot be read or is unfinished; the current Build stays.
    :raises IngestBusy: when another ingest writes to the same folder.
    :raises EngineUnavailable: when the engine does not accept its vectors; the current Build stays.
    """
    from bot.answering.suggestions import checked_questions
    from bot.editing.unfinished import refuse_unfinished
    from bot.reading.chunk import MAX_WORDS, passages_of
    from bot.reading.corpus import read_corpus

    store = store_of(settings)
    with store.writing():
        sources = read_corpus(corpora)
        refuse_unfinished(sources)
        passages = [passage for source in sources for passage in passages_of(source)]
        before = parts_of(store)
        encoder = open_encoder(settings.model)
        with _hands(cluster, settings.model, encoder) as hands:
            report = build_index(
                sources,
                passages,
                encoder=encoder,
                store=store,
                passage_max_words=MAX_WORDS,
                hands=hands,
                questions_of=checked_questions,
                progress=progress,
            )
        if store.engine is not None:
            # The parts of Builds that were just removed. Whatever others put there is theirs.
            forget(store.engine, before - parts_of(store))
        return report


def open_encoder(model: str) -> Encoder:
    """Return the encoder of record; a worker of a cluster calls this too.

    :raises EncoderUnavailable: when it is not installed here.
    """
    from bot.indexing.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(find_model(model))


def _hands(cluster: str | None, model: str, encoder: Encoder) -> AbstractContextManager[Hands]:
    if cluster is None:
        return nullcontext(OwnHands(encoder))
    try:
        from bot.indexing.cluster import Cluster
    except ModuleNotFoundError as error:
        remedy = "Run `pip install -r requirements-cluster.txt`, here and on the workers."
        raise ClusterUnavailable(cluster, f"the package {error.name} is not installed", remedy) from error
    return Cluster(cluster, partial(open_encoder, model), encoder)


def open_answerer(store: BuildStore) -> tuple[Answerer, list[Rejected]]:
    """Return an Answerer on the current Build, or on the newest earlier one that is intact.

    :returns: the answerer, and the Builds that could not be served.
    :raises IndexUnavailable: when there is none.
    """
    index, rejected = open_index(store)
    return Answerer(index), rejected


def open_dialogue(store: BuildStore) -> tuple[Dialogue, list[Rejected]]:
    """Return the dialogue that answers messages in their conversations.

    :returns: the dialogue, and the Builds that could not be served.
    :raises IndexUnavailable: when there is none.
    """
    answerer, rejected = open_answerer(store)
    return Dialogue(answerer), rejected


def tags_in_build(settings: Settings) -> frozenset[str] | None:
    """Return the tags that sources of the current Build have.

    :returns: in lower case; ``None`` when there is no Build.
    """
    build = store_of(settings).pointed()
    return None if build is None else tags_of(build)
