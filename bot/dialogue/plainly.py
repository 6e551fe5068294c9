"""A message in plain danger -> whom to call, by the reviewed patterns alone: no model, no index, no database.

What ``dialogue`` finds with all it has, this finds in part and nearly for nothing, for the moments in which messages
are turned away. In: a message as typed. Out: the same Answer that the dialogue gives, or nothing. It must not know why
it is asked.
"""

from __future__ import annotations

from typing import Literal

from bot.answering.grams import plain
from bot.dialogue.smalltalk import said
from bot.records import Answer, Notice
from bot.safety.contacts import actions_for
from bot.safety.danger import parts_of
from bot.safety.patterns import Pattern, packaged_patterns
from bot.statuses import AnswerStatus

_URGENT: tuple[tuple[Literal["emergency", "crisis"], AnswerStatus], ...] = (
    ("emergency", AnswerStatus.EMERGENCY),
    ("crisis", AnswerStatus.CRISIS),
)


def plainly_referred(message: str, *, build: str, country: str) -> Answer | None:
    """Return whom to call, if a pattern for an emergency or a crisis is in a message.

    :param build: what answers otherwise; it is not asked.
    :param country: whose telephone numbers are shown.
    :returns: ``None`` where no such pattern is.
    """
    found = [pattern for part in parts_of(message) for pattern in _patterns_in(part)]
    for kind, status in _URGENT:
        ids = [pattern.id for pattern in found if pattern.kind == kind]
        if ids:
            notice = Notice(kind, said("whom_to_call"), actions_for(kind, country, ids))
            return Answer(status, build, 1.0, said(kind), notices=(notice,))
    return None


def _patterns_in(part: str) -> tuple[Pattern, ...]:
    book, read = packaged_patterns(), plain(part)
    return book.found_in(read, book.cues_in(read))
