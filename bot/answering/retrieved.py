"""Hold what was retrieved for a question: the judged passages and the nearest approved answer.

Knows nothing of how either was found.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.curated import Match
from bot.answering.judge import Looked


@dataclass(frozen=True, slots=True)
class RetrievalResult:
    """Judged candidates for a question, with the approved answer nearest to it, sure or not, if there is one."""

    looked: Looked
    nearest: Match | None

    @property
    def approved(self) -> Match | None:
        """The approved answer that surely answers the question, or ``None``."""
        return self.nearest if self.nearest is not None and self.nearest.is_sure else None

    @property
    def confidence(self) -> float:
        """The confidence of the best candidate, or 0 if there is none."""
        return self.looked.confidence
