"""A message about one person's care -> the key of the words that fit its case, in ``replies.toml``.

In: text as typed. Out: a key, or nothing where no one decides anything. It must not know what the corpus holds.
"""

from __future__ import annotations

from bot.answering.phrases import says

# Whose fault it is decides nothing about anybody's care: our explainers answer that like any question.
_FAULT = "fault"
# The first that fits is taken: "should she stop the trial medicine" asks about a trial before it asks about a medicine.
_CASES = ("personal_trial", "personal_medicine", "personal_future")
_GENERAL = "personal"


def case_of(message: str) -> str | None:
    """Return the key of what is said before general information to a message about one person.

    :returns: a key of the table ``said``, which has the same with ``_nothing``; ``None`` for a question of fault.
    """
    if says(message, _FAULT):
        return None
    return next((case for case in _CASES if says(message, case)), _GENERAL)
