"""Decide why a turn needs staff, how urgently, and by when, from its answer and what the family said about it.

Knows nothing of tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from bot.statuses import AnswerStatus, StatusFamily

Reason = Literal["crisis", "emergency", "handoff", "thumbs_down", "unanswered", "low_confidence"]
# The gravest first.
REASONS: tuple[Reason, ...] = get_args(Reason)
# The label of what is nobody's need, such as a test of the keyboard: it is no gap, and its ticket does not open again
# unless it cannot wait.
NOISE = "not for us"
# The reasons for which nobody may put a ticket away without having read it or saying why.
GRAVE: tuple[Reason, ...] = ("crisis", "emergency", "handoff")
Status = Literal["open", "pending", "snoozed", "resolved"]
STATUSES: tuple[Status, ...] = get_args(Status)
PRIORITIES = ("urgent", "high", "medium", "low")
URGENT, HIGH, MEDIUM, LOW = range(4)

# Confidence is calibrated: two in five answers just below this do not answer what was asked.
LOW_CONFIDENCE = 0.6
# What three families ask, more will ask.
_SEVERAL = 3
# "Tell me more" asks nothing new, and what could not be looked up may well have an answer.
_NO_GAP = (AnswerStatus.NO_MORE, AnswerStatus.UNAVAILABLE)

_PRIORITY: dict[Reason, int] = {
    "crisis": URGENT,
    "emergency": URGENT,
    "handoff": HIGH,
    "thumbs_down": MEDIUM,
    "unanswered": LOW,
    "low_confidence": LOW,
}
# Somebody in danger was told whom to call; staff check whether more is needed. Whoever asked for a person hears back
# the same day.
DUE = (timedelta(minutes=15), timedelta(hours=4), timedelta(days=2), timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent a ticket is, and the one reason that makes it so."""

    priority: int
    reason: Reason


def reasons_of(
    status: str, confidence: float, *, voted_down: bool = False, handed_off: bool = False, opened: bool = False
) -> tuple[Reason, ...]:
    """Return why a turn needs staff, the gravest reason first; empty if it does not.

    :param confidence: of the answer, in 0..1
    :param voted_down: whether the family said that it did not help
    :param opened: whether the family opened a passage that may hold the answer, so that it is not without one
    """
    found: set[Reason] = set() if status == AnswerStatus.NEAR and opened else set(_of_answer(status, confidence))
    if voted_down:
        found.add("thumbs_down")
    if handed_off:
        found.add("handoff")
    return tuple(reason for reason in REASONS if reason in found)


def _of_answer(status: str, confidence: float) -> Iterator[Reason]:
    if status == AnswerStatus.CRISIS:
        yield "crisis"
    elif status == AnswerStatus.EMERGENCY:
        yield "emergency"
    elif StatusFamily.UNANSWERED.has(status) and status not in _NO_GAP:
        yield "unanswered"
    elif status == AnswerStatus.ANSWERED and confidence < LOW_CONFIDENCE:
        yield "low_confidence"


def need_of(reasons: Collection[Reason], count: int) -> Urgency:
    """Return how urgent a ticket is.

    :param reasons: of all its askings; at least one
    :param count: of families that ask
    """
    reason = min(reasons, key=REASONS.index)
    priority = _PRIORITY[reason]
    return Urgency(MEDIUM if priority == LOW and count >= _SEVERAL else priority, reason)


def is_alone(reasons: Collection[Reason]) -> bool:
    """Whether a turn must not share a ticket: each person in danger is looked at separately."""
    return "crisis" in reasons or "emergency" in reasons
