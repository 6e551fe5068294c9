"""Tell whether a reply to a safety card says that nobody is in danger.

Does not decide what is shown: a danger that a pattern finds is shown whatever is said here.
"""

from __future__ import annotations

from bot.answering.phrases import rest_after, says
from bot.dialogue.history import History
from bot.statuses import IN_DANGER

_SAFE = "safe"


def was_referred(history: History) -> bool:
    """Say whether the last turn got a safety card, for an emergency or a crisis.

    :param history: the earlier turns, oldest first.
    """
    return bool(history) and history[-1].status in IN_DANGER


def denies_danger(message: str, history: History) -> bool:
    """Say whether a family answers a safety card with "nobody is in danger".

    :param history: the earlier turns, oldest first.
    :returns: true if the message begins like that, whatever follows; false if no card came just before.
    """
    return was_referred(history) and says(message, _SAFE)


def is_only_denial(message: str) -> bool:
    """Say whether a message says that nobody is in danger and nothing else, such as "no, I'm safe"."""
    rest = rest_after(message, _SAFE)
    return rest is not None and not any(sign.isalnum() for sign in rest)
