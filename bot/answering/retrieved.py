"""What was retrieved for a question: the judged passages, and the approved answer that is nearest to it.

In: nothing. Out: a record. It must not know how either was found.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.curated import Match
from bot.answering.judge import Looked


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """Judged candidates for a question, with the approved answer nearest to it, sure or not; ``None`` without any."""

    looked: Looked
    nearest: Match | None

    @property
    def approved(self) -> Match | None:
        """The approved answer that surely answers the question, if there is one."""
        return self.nearest if self.nearest is not None and self.nearest.is_sure else None

    @property
    def confidence(self) -> float:
        """How sure the best candidate is, 0 without any."""
        return self.looked.confidence
