"""An answer to a safety card -> whether it says that nobody is in danger.

In: a message and the turns before. Out: yes or no. It must not decide what is shown: a danger that a pattern speaks for
is shown whatever is said here.
"""

from __future__ import annotations

from bot.answering.phrases import rest_after, says
from bot.dialogue.history import History
from bot.statuses import IN_DANGER

_SAFE = "safe"


def was_referred(history: History) -> bool:
    """Return whether the turn before got a safety card.

    :param history: the turns before, oldest first.
    :returns: true for an emergency or a crisis.
    """
    return bool(history) and history[-1].status in IN_DANGER


def denies_danger(message: str, history: History) -> bool:
    """Return whether a family answers a safety card with "nobody is in danger".

    :param history: the turns before, oldest first.
    :returns: true when it begins so, whatever comes after; false when no card came before.
    """
    return was_referred(history) and says(message, _SAFE)


def is_only_denial(message: str) -> bool:
    """Return whether a message says that nobody is in danger, and nothing else.

    :returns: true for "no, I'm safe" and the like.
    """
    rest = rest_after(message, _SAFE)
    return rest is not None and not any(sign.isalnum() for sign in rest)
