"""Tell whom to call for a message in plain danger by the reviewed patterns alone: no model, index or database.

It finds part of what ``dialogue`` finds, at almost no cost, for the moments in which messages are turned away, and
gives the same Answer. Knows nothing of why it is called.
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
    """Return whom to call, if a message has a pattern of an emergency or a crisis.

    :param build: the id of the Build that would answer; it is not consulted.
    :param country: whose telephone numbers are shown.
    :returns: ``None`` if there is no such pattern.
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
