"""Define every sentence of ours that an Answer can carry; none is about medicine."""

from __future__ import annotations

from bot.answering.spelling import Correction
from bot.messages import Message

NOTHING_FOUND = Message("nothing_found", "I couldn't find that here. You can ask a person, or try one of these:")
NOT_SURE = Message("not_sure", "I'm not sure this answers you. It may be in one of these:")
MAY_ALSO = Message("may_also", "If that doesn't answer you, it may be in one of these:")
ILLUSTRATIVE = Message(
    "illustrative", "We wrote this conversation to explain a topic. No real parent or clinician said it."
)
NAME_UNKNOWN = Message("name_unknown", "We have nothing on {names} yet, and I won't guess.")
LOOKED_FOR = Message("looked_for", "I looked for {corrections}.")
ALL = (NOTHING_FOUND, NOT_SURE, MAY_ALSO, ILLUSTRATIVE, NAME_UNKNOWN, LOOKED_FOR)


def name_unknown(names: list[str]) -> Message:
    """Return the message for a question that names something the corpus does not know."""
    quoted = [f"“{name}”" for name in names]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    return Message(NAME_UNKNOWN.key, NAME_UNKNOWN, names=listed)


def corrected(corrections: tuple[Correction, ...]) -> Message:
    """Return the message that shows spelling corrections.

    :param corrections: one or more.
    """
    parts = [f"“{entry.meant}” (you typed “{entry.typed}”)" for entry in corrections]
    return Message(LOOKED_FOR.key, LOOKED_FOR, corrections=", ".join(parts))
