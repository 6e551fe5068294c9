"""Every sentence of ours that an Answer can carry. None of them is about medicine."""

from __future__ import annotations

from bot.answering.spelling import Correction

NOTHING_FOUND = "I couldn't find that here. You can ask a person, or try one of these:"
NOT_SURE = "I'm not sure this answers you. It may be in one of these:"
MAY_ALSO = "If that doesn't answer you, it may be in one of these:"
NAME_UNKNOWN = "We have nothing on {names} yet, and I won't guess."
ILLUSTRATIVE = "We wrote this conversation to explain a topic. No real parent or clinician said it."
LOOKED_FOR = "I looked for {corrections}."


def name_unknown(names: list[str]) -> str:
    """Return the message for a question that names something the corpus does not know.

    :param names: words of the question, as typed.
    :returns: one message.
    """
    quoted = [f"“{name}”" for name in names]
    listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
    return NAME_UNKNOWN.format(names=listed)


def corrected(corrections: tuple[Correction, ...]) -> str:
    """Return the sentence that shows spelling corrections.

    :param corrections: one or more.
    :returns: one sentence.
    """
    parts = [f"“{entry.meant}” (you typed “{entry.typed}”)" for entry in corrections]
    return LOOKED_FOR.format(corrections=", ".join(parts))
