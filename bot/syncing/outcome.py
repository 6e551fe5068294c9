"""Define what a sync reports, entry by entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Action = Literal[
    "added",
    "updated",
    "unchanged",
    "video filled",
    "video removed",
    "retired",
    "nothing to quote",
    "left alone",
    "failed",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry; ``path`` is relative to the corpus, ``note`` says why where that is not plain."""

    action: Action
    title: str
    path: str | None = None
    note: str | None = None


@dataclass(slots=True)
class SyncReport:
    """What a sync did. ``is_unchanged`` is whether the server said that the feed has not changed."""

    feed: str
    is_unchanged: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many entries could not be taken."""
        return sum(outcome.action == "failed" for outcome in self.outcomes)

    def counts(self) -> dict[str, int]:
        """Return how often each action was taken."""
        return dict(Counter(outcome.action for outcome in self.outcomes))
