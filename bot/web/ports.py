"""What the web needs from an answerer and from whoever knows the sites.

Comes in: nothing. Goes out: Protocols, so that tests can hand in a fake and wiring the real one. It must not know how
answers are found.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from bot.dialogue.history import History
from bot.dialogue.replied import Replied
from bot.records import Hit, Source
from bot.sites.site import Site


class AnswererPort(Protocol):
    """Whatever answers questions from one Build at a time, safe to call from several threads."""

    @property
    def build_id(self) -> str:
        """The id of the Build that answers now."""

    def ready(self) -> bool:
        """Whether a Build is loaded and questions can be answered."""

    def reply(
        self, message: str, history: History = (), *, country: str, in_context: bool = True, tags: Collection[str] = ()
    ) -> Replied:
        """The Answer to a message in its conversation; raises QuestionRejected or IndexUnavailable.

        Of ``tags`` a source must have one to be answered from; without any, all are.
        """

    def search(self, question: str, k: int, *, tags: Collection[str] = ()) -> list[Hit]:
        """The best ``k`` passages, best first; raises QuestionRejected or IndexUnavailable."""

    def suggestions(self, *, tags: Collection[str] = ()) -> list[str]:
        """First questions to offer, best first."""

    def source(self, source_id: str) -> Source | None:
        """The source with this id in the current Build, ``None`` if there is none."""

    def sources(self) -> list[Source]:
        """Every source of the current Build, in a stable order."""


class SitesPort(Protocol):
    """Whoever knows the partners' sites as they are now, safe to call from several threads and for each request.

    Each call but ``closed`` may raise MemoryUnavailable, as long as nothing could be read.
    """

    def find(self, site_id: str) -> Site | None:
        """The site with this public id, ``None`` if there is none."""

    def owner_of(self, key: str) -> str | None:
        """The id of the site whose server has this key, ``None`` for a key that is not good."""

    def logo(self, digest: str) -> bytes | None:
        """The picture with this name (PNG), ``None`` if no site has it."""

    def closed(self) -> bool:
        """Whether no answers are to be given on any site."""
