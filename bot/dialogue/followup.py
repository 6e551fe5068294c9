"""A question in its conversation -> what it may mean, spelled out.

In: what was typed and the turns before. Out: a ``Reading``, or nothing when it stands alone. It must not decide whether
it is answered: retrieval does.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answering.phrases import phrase_in, says
from bot.dialogue.history import JOINT, EarlierTurn, History, asked_before
from bot.indexing.lexical import terms_of

# A question of more terms than this says itself what it is about.
_MOST_TERMS = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question may mean: ``text`` is looked up, ``topic`` is shown."""

    text: str
    topic: str


def asks_for_more(message: str) -> bool:
    """Return whether a message asks for more of the same.

    :returns: true for "tell me more" and the like, with nothing else in it.
    """
    return says(message, "more")


def surely_leans(message: str) -> bool:
    """Return whether a message says nothing without what came before.

    :returns: true for "why?", "no, I meant ...", "how is that different?" and what has no word of its own.
    """
    return any(says(message, phrase) for phrase in ("bare", "again", "different")) or not terms_of(message)


def reading_of(message: str, history: History) -> Reading | None:
    """Return what a question means if it leans on what came before.

    :param history: the turns before, oldest first.
    :returns: the question with the topic before it; ``None`` when there is no topic.
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
    """What was meant; with the question before it, if that one says what is asked but not of what."""
    topic = meant.strip(" .?!")
    if set(terms_of(meant)) & set(terms_of(last.question)) or len(terms_of(last.question)) > _MOST_TERMS:
        return Reading(meant, topic)
    return Reading(f"{meant}{JOINT}{last.question}", topic)
