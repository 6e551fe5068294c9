"""Every sentence of ours that an Answer can carry. None of them is about medicine."""

from __future__ import annotations

from bot.answering.spelling import Correction

NOTHING_FOUND = (
    "I could not find an answer to that in our explainers and interviews. Here is what I can tell you about."
)
NOT_SURE = "I'm not sure this answers you. It may be in one of these:"
MAY_ALSO = "If that doesn't answer you, it may be in one of these:"
NAME_UNKNOWN = (
    "Our explainers and interviews do not mention {names}, so I will not guess. Here is what I can tell you about."
)
ILLUSTRATIVE = "Words with a speaker here are from an illustrative script, not from a recording."
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
