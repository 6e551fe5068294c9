"""Answer from the current Build of a store while new Builds come in.

Serves what the web asks, and knows nothing of how a message is answered.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.answer import Answerer
from bot.answering.curated import CuratedAnswer, CuratedShelf
from bot.answering.gist import Gist, gist_of
from bot.answering.whatif import Comparison, compare
from bot.dialogue import Dialogue
from bot.dialogue.history import History
from bot.dialogue.repeated import RepeatedAnswers
from bot.dialogue.replied import Replied
from bot.errors import BotError
from bot.indexing.collection import narrowed
from bot.indexing.index import Index, Rejected, open_current, sharing_encoder
from bot.indexing.store import BuildStore
from bot.records import Hit, Source, SuggestedQuestion

log = logging.getLogger("bot")

# A stat of the pointer costs microseconds; a new Build need not be noticed faster than a person could.
_LOOK_EVERY_S = 1.0
# A Build that could not be loaded may only have been cut off on its way; each attempt costs a file's worth of reading.
_TRY_AGAIN_AFTER_S = 60.0
# A collection is made in milliseconds; the memory that it does not share holds mostly the passages read last.
_KEPT_COLLECTIONS = 64


def open_index(store: BuildStore) -> tuple[Index, list[Rejected]]:
    """Return the current Build, or the newest earlier one that is intact, and log those that cannot be served.

    :returns: the Build, and those that were rejected.
    :raises IndexUnavailable: if there is none.
    """
    index, rejected = open_current(store)
    for entry in rejected:
        log.error("Build %s is not served: %s", entry.build, entry.reason)
    return index, rejected


WordingVectors = Callable[[str], NDArray[np.float32]]
# Returns the current approved answers; called for each request and from several threads. It returns the same object as
# long as nothing changed.
Approved = Callable[[WordingVectors, str], Sequence[CuratedAnswer]]


def nothing_approved(wording_vectors: WordingVectors, model: str) -> Sequence[CuratedAnswer]:
    """Return no approved answers, for servers where nobody approves any."""
    return ()


class Served:
    """One Build with its dialogues: one for the whole corpus, and one for each collection that was requested."""

    def __init__(
        self, index: Index, shelf: CuratedShelf | None = None, *, kept_days: int | None = None, repeated: int = 0
    ) -> None:
        self.index = index
        self._kept_days = kept_days
        self._shelf = shelf or CuratedShelf()
        self._repeated = RepeatedAnswers(repeated)
        self.whole = Dialogue(Answerer(index, curated=self._shelf), kept_days=kept_days, repeated=self._repeated)
        self._collections: OrderedDict[frozenset[str], Dialogue] = OrderedDict()
        self._making = threading.Lock()

    def within(self, tags: Collection[str]) -> Dialogue:
        """Return the dialogue of a collection.

        :param tags: sources with any of them are in the collection; an empty set takes the whole corpus.
        """
        if not tags:
            return self.whole
        key = frozenset(tag.casefold() for tag in tags)
        with self._making:
            found = self._collections.pop(key, None) or self._narrow(key)
            self._collections[key] = found
            if len(self._collections) > _KEPT_COLLECTIONS:
                self._collections.popitem(last=False)
        return found

    def _narrow(self, tags: frozenset[str]) -> Dialogue:
        answerer = Answerer(narrowed(self.index, tags), curated=self._shelf, tags=tags)
        return Dialogue(answerer, kept_days=self._kept_days, repeated=self._repeated)


class LiveDialogue:
    """A dialogue over the current Build that switches to a new one while requests continue.

    The new Build is loaded in its own thread; until it is ready, and for requests that began before, the old one
    answers. A new Build that cannot be loaded is logged, the old one stays, and the new one is tried again later.
    """

    def __init__(
        self,
        store: BuildStore,
        approved: Approved = nothing_approved,
        *,
        kept_days: int | None = None,
        repeated: int = 0,
    ) -> None:
        """Open the current Build of a store.

        :param kept_days: as for ``Dialogue``.
        :param repeated: how many answers of each Build are cached for repeated questions; 0 caches none.
        """
        self._store = store
        self._kept_days, self._repeated = kept_days, repeated
        self._approved = approved
        self._entries: Sequence[CuratedAnswer] = ()
        self._shelf = CuratedShelf()
        self._mark = store.mark()
        self._served = self._serve(open_index(store)[0])
        self._looked_at = time.monotonic()
        self._try_again_at: float | None = None
        self._loading = threading.Lock()

    @property
    def build_id(self) -> str:
        """The id of the Build that answers."""
        return self._served.index.build_id

    @property
    def model(self) -> str:
        """The digest of the model that makes the vectors."""
        return self._served.index.encoder.card.sha256

    def ready(self) -> bool:
        """Return true: an instance always has a loaded Build."""
        return True

    def warm_up(self) -> None:
        """Start the encoder in this process, so that the first question does not wait for it."""
        self._served.whole.reply("warm up")

    def look(self) -> None:
        """Start switching to the current Build if it is not the one that answers."""
        is_due = self._try_again_at is not None and time.monotonic() >= self._try_again_at
        if (is_due or self._store.mark() != self._mark) and self._loading.acquire(blocking=False):
            threading.Thread(target=self._load, name="load-build", daemon=True).start()

    def reply(
        self, message: str, history: History = (), *, country: str, in_context: bool = True, tags: Collection[str] = ()
    ) -> Replied:
        """Return the current Build's Answer to a message in its conversation.

        :param history: the earlier turns, oldest first.
        :param country: whose emergency numbers are shown.
        :param in_context: false takes the message as standing alone.
        :param tags: of the collection to answer from; empty for the whole corpus.
        """
        return self._current(tags).traced_reply(message, history, country=country, in_context=in_context)

    def search(self, question: str, k: int, *, tags: Collection[str] = ()) -> list[Hit]:
        """Return the best passages of the current Build.

        :param k: the most hits to return.
        :param tags: as for ``reply``.
        :returns: hits, best first.
        """
        return self._current(tags).answerer.search(question, k)

    def suggestions(self, *, tags: Collection[str] = ()) -> list[str]:
        """Return opening questions to suggest.

        :param tags: as for ``reply``.
        """
        return self._current(tags).answerer.suggestions()

    def source(self, source_id: str) -> Source | None:
        """Return a source of the current Build or of an approved answer, or ``None``."""
        return self._current().answerer.source(source_id)

    def sources(self) -> list[Source]:
        """Return every source of the current Build in corpus order, then the sources of approved answers."""
        return self._current().answerer.sources()

    def gist(self, text: str) -> Gist:
        """Return what a question asks, as a vector to compare with others."""
        return gist_of(self._served.index, text)

    def wording_vectors(self, text: str) -> NDArray[np.float32]:
        """Return the vectors by which a wording of an approved answer is compared.

        :returns: (2, d) float32.
        """
        return self._served.whole.answerer.wording_vectors(text)

    def compare_with(
        self, questions: Sequence[str], entries: Sequence[CuratedAnswer], *, watched: str | None = None
    ) -> Comparison:
        """Return which questions would get another answer with other approved answers; see ``compare``."""
        then = Answerer(self._served.index, curated=CuratedShelf(entries))
        return compare(questions, self._served.whole.answerer, then, watched=watched)

    def golden(self) -> list[SuggestedQuestion]:
        """Return every question that ingest found the current Build to answer from its own source."""
        return self._served.whole.answerer.golden()

    def _current(self, tags: Collection[str] = ()) -> Dialogue:
        entries = self._approved(self.wording_vectors, self.model)
        if entries is not self._entries:
            self._entries = entries
            self._shelf.put(entries)
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at = now
            self.look()
        return self._served.within(tags)

    def _serve(self, index: Index) -> Served:
        return Served(index, self._shelf, kept_days=self._kept_days, repeated=self._repeated)

    def _load(self) -> None:
        try:
            self._mark, self._try_again_at = self._store.mark(), None
            index, _ = open_index(self._store)
            served = self._serve(sharing_encoder(index, self._served.index))
            served.whole.reply("warm up")
            self._served = served
            log.info("Build %s answers now", self.build_id)
        except BotError as error:
            self._try_again_at = time.monotonic() + _TRY_AGAIN_AFTER_S
            log.error("The new Build cannot be served; Build %s goes on: %s", self.build_id, error)
        finally:
            self._loading.release()
