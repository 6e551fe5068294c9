"""A question in its conversation -> what it may mean, spelled out.

In: what was typed and the turns before. Out: a ``Reading``, or nothing when it stands alone. It must not decide whether
it is answered: retrieval does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.conversing.history import JOINT, Before, History, asked_before
from bot.conversing.leaning import packaged_leaning, signs_of
from bot.conversing.phrases import phrase_in, says
from bot.indexing.encoder import TextVectors
from bot.indexing.lexical import terms_of

VectorsOf = Callable[[str], TextVectors]

# Run "leaning", in log-odds: below the first one turn in twenty leans, above the second one in thirty does not.
STANDS_ALONE, LEANS = -1.0, 2.5
# A question of more terms than this says itself what it is about.
_MOST_TERMS = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question may mean: ``text`` is looked up, ``topic`` is shown."""

    text: str
    topic: str


def asks_for_more(message: str) -> bool:
    """Return whether a message asks for more of the same.

    :param message: as typed.
    :returns: true for "tell me more" and the like, with nothing else in it.
    """
    return says(message, "more")


def leaning_of(message: str, history: History, vectors_of: VectorsOf) -> float:
    """Return whether a question needs what was said before.

    :param message: as typed.
    :param history: the turns before, oldest first.
    :param vectors_of: gives a text's vectors.
    :returns: log-odds; at most ``STANDS_ALONE`` when it does not, at least ``LEANS`` when it does, for sure.
    """
    asked = asked_before(history)
    if not asked:
        return STANDS_ALONE
    if any(says(message, phrase) for phrase in ("bare", "again", "different")) or not terms_of(message):
        return LEANS
    signs = signs_of(message, vectors_of(message), [turn.question for turn in asked], vectors_of(asked[0].question))
    score = packaged_leaning().score(signs)
    # Without a word that points back it may be about something new: retrieval decides.
    if not (signs["points"] or signs["that"]):
        score = min(score, 0.0 if signs["what is"] else LEANS - 1)
    return max(score, 0.0) if says(message, "what_about") else score


def reading_of(message: str, history: History) -> Reading | None:
    """Return what a question means if it leans on what came before.

    :param message: as typed.
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


def _corrected(meant: str, last: Before) -> Reading:
    """What was meant; with the question before it, if that one says what is asked but not of what."""
    topic = meant.strip(" .?!")
    if set(terms_of(meant)) & set(terms_of(last.question)) or len(terms_of(last.question)) > _MOST_TERMS:
        return Reading(meant, topic)
    return Reading(f"{meant}{JOINT}{last.question}", topic)
