"""Choose the reply in ``replies.toml`` that fits a message about one person's care.

Knows nothing of what the corpus holds.
"""

from __future__ import annotations

from bot.answering.phrases import says

# A question of fault decides nothing about anyone's care: our explainers answer it like any other question.
_FAULT = "fault"
# The first match wins: "should she stop the trial medicine" is about a trial before it is about a medicine.
_CASES = ("personal_trial", "personal_medicine", "personal_future")
_GENERAL = "personal"


def case_of(message: str) -> str | None:
    """Return the key of what is said before general information to a message about one person.

    :returns: a key of the table ``said``, which also has it with ``_nothing``; ``None`` for a question of fault.
    """
    if says(message, _FAULT):
        return None
    return next((case for case in _CASES if says(message, case)), _GENERAL)
