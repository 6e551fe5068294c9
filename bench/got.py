"""A judged message with what it got."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.records import Answer, Snippet
from bot.statuses import AnswerStatus

URGENT = (AnswerStatus.EMERGENCY, AnswerStatus.CRISIS)


@dataclass(frozen=True, slots=True)
class Got:
    """A judged message with its Answer."""

    line: dict[str, Any]
    answer: Answer

    @property
    def shown(self) -> tuple[Snippet, ...]:
        """What is quoted, and what is offered as near, in the order of the screen."""
        return (*self.answer.snippets, *self.answer.near)

    @property
    def is_right(self) -> bool:
        """Whether the first quote is of a right source."""
        return bool(self.answer.snippets) and self.answer.snippets[0].source.id in self.line["expect"]

    @property
    def is_wrong(self) -> bool:
        """Whether something is quoted as the answer, and first of all of another source."""
        return bool(self.answer.snippets) and not self.is_right

    @property
    def is_shown(self) -> bool:
        """Whether a right source is among all that is shown."""
        return any(snippet.source.id in self.line["expect"] for snippet in self.shown)

    @property
    def has_fact(self) -> bool:
        """Whether the quoted text holds the fact."""
        said = " ".join(snippet.text.lower() for snippet in self.answer.snippets)
        return any(re.search(pattern, said) for pattern in self.line.get("expect_any_of", ()))

    @property
    def is_urgent(self) -> bool:
        """Whether it got an emergency or crisis card."""
        return self.answer.status in URGENT
