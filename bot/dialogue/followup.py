"""Spell out what a question may mean in its conversation.

Does not decide whether that is answered: retrieval does.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.phrases import phrase_in, says
from bot.answering.question import JOINT
from bot.dialogue.history import EarlierTurn, History, asked_before
from bot.indexing.lexical import terms_of

# A question with more terms than this says for itself what it is about.
_MOST_TERMS = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible meaning of a question: ``text`` is looked up, ``topic`` is shown."""

    text: str
    topic: str


def asks_for_more(message: str) -> bool:
    """Say whether a message asks for more of the same, as in "tell me more", and nothing else."""
    return says(message, "more")


def surely_leans(message: str) -> bool:
    """Say whether a message means nothing without what came before.

    :returns: true for "why?", "no, I meant ...", "how is that different?" and messages without a term of their own.
    """
    return any(says(message, phrase) for phrase in ("bare", "again", "different")) or not terms_of(message)


def reading_of(message: str, history: History) -> Reading | None:
    """Return what a question means if it leans on what came before.

    :param history: the earlier turns, oldest first.
    :returns: the question with the topic before it; ``None`` if there is no topic.
    """
    asked = asked_before(history)
    if not asked:
        return None
    last = asked[-1]
    again = phrase_in(message, "again")
    if again is not None:
        return _corrected(message[len(again) :], last)
    # "Why not?" is about the last question, whatever that one leant on.
    anchor = last.reading if says(message, "bare") else last.anchor
    thread = [turn for turn in asked if turn.anchor == last.anchor]
    topic = next((turn.topic for turn in reversed(thread) if turn.topic), last.anchor)
    return Reading(f"{anchor}{JOINT}{message}", topic)


def _corrected(meant: str, last: EarlierTurn) -> Reading:
    """Return what was meant, with the last question added if that says what is asked but not of what."""
    topic = meant.strip(" .?!")
    if set(terms_of(meant)) & set(terms_of(last.question)) or len(terms_of(last.question)) > _MOST_TERMS:
        return Reading(meant, topic)
    return Reading(f"{meant}{JOINT}{last.question}", topic)
