"""What the web needs from an answerer.

Comes in: nothing. Goes out: a Protocol, so that tests can hand in a fake and wiring the real one. It must not know how
answers are found.
"""

from __future__ import annotations

from typing import Protocol

from bot.records import Answer, Hit, Source


class AnswererPort(Protocol):
    """Whatever answers questions from one Build at a time, safe to call from several threads."""

    @property
    def build_id(self) -> str:
        """The id of the Build that answers now."""

    def ready(self) -> bool:
        """Whether a Build is loaded and questions can be answered."""

    def answer(self, question: str) -> Answer:
        """The Answer to a question; raises QuestionRejected or IndexUnavailable."""

    def search(self, question: str, k: int) -> list[Hit]:
        """The best ``k`` passages, best first; raises QuestionRejected or IndexUnavailable."""

    def suggestions(self) -> list[str]:
        """First questions to offer, best first."""

    def source(self, source_id: str) -> Source | None:
        """The source with this id in the current Build, ``None`` if there is none."""

    def sources(self) -> list[Source]:
        """Every source of the current Build, in a stable order."""
