"""Define every status that an answer can have, its family, and what staff call it.

A new status is one line here. No other module writes a status as text; a structure test enforces that.
"""

from __future__ import annotations

from enum import StrEnum


class StatusFamily(StrEnum):
    """A kind of answer; its value is the prefix of the statuses in the family."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    UNANSWERED = "unanswered"
    REFERRED = "referred"
    SMALLTALK = "smalltalk"

    @property
    def label(self) -> str:
        """Return what staff call the family."""
        return _FAMILY_LABELS[self]

    def has(self, status: str) -> bool:
        """Say whether a status is of this family, judging a status that this version does not know by its prefix."""
        return status == self or status.startswith(f"{self}_")


class AnswerStatus(StrEnum):
    """How a message was answered."""

    ANSWERED = "answered"
    CLARIFY_TOPIC = "clarify_topic"
    NEAR = "unanswered_near"
    NO_MATCH = "unanswered_no_match"
    UNKNOWN_NAME = "unanswered_unknown_name"
    NO_MORE = "unanswered_no_more"
    OTHER_LANGUAGE = "unanswered_language"
    UNAVAILABLE = "unanswered_unavailable"
    EMERGENCY = "referred_emergency"
    CRISIS = "referred_crisis"
    PERSONAL_MEDICAL = "referred_personal_medical"
    NUMBERS = "smalltalk_numbers"
    SAFE = "smalltalk_safe"
    SIMPLY = "smalltalk_simply"
    NOTHING_BEFORE = "smalltalk_nothing_before"
    WELLBEING = "smalltalk_wellbeing"
    YES = "smalltalk_yes"
    NO = "smalltalk_no"
    NOT_ASKED = "smalltalk_not_asked"
    UPSET = "smalltalk_upset"
    GREETING = "smalltalk_greeting"
    THANKS = "smalltalk_thanks"
    GOODBYE = "smalltalk_goodbye"
    ROBOT = "smalltalk_robot"
    SOURCES = "smalltalk_sources"
    CAPABILITIES = "smalltalk_capabilities"
    PERSON = "smalltalk_person"
    INSULT = "smalltalk_insult"
    INSTRUCTIONS = "smalltalk_instructions"
    DIAGNOSE = "smalltalk_diagnose"
    PRIVACY = "smalltalk_privacy"
    NOTHING = "smalltalk_nothing"

    @property
    def family(self) -> StatusFamily:
        """Return the kind of answer."""
        return next(family for family in StatusFamily if family.has(self))


_FAMILY_LABELS = {
    StatusFamily.ANSWERED: "Answered",
    StatusFamily.CLARIFY: "Asked back",
    StatusFamily.UNANSWERED: "No answer",
    StatusFamily.REFERRED: "Sent to help",
    StatusFamily.SMALLTALK: "Small talk",
}
# All others are named by their family and the rest of their value.
_LABELS = {
    AnswerStatus.ANSWERED: "Answered",
    AnswerStatus.CLARIFY_TOPIC: "Asked back what it is about",
    AnswerStatus.NEAR: "Not sure: offered passages that may hold it",
    AnswerStatus.NO_MATCH: "Nothing found",
    AnswerStatus.UNKNOWN_NAME: "Name not in our sources",
    AnswerStatus.NO_MORE: "Nothing more to say",
    AnswerStatus.OTHER_LANGUAGE: "In a language we do not have",
    AnswerStatus.UNAVAILABLE: "The search did not work",
    AnswerStatus.EMERGENCY: "Sent to emergency help",
    AnswerStatus.CRISIS: "Sent to a crisis line",
    AnswerStatus.PERSONAL_MEDICAL: "Sent to the care team",
}
# Whoever gets one of these is told whom to call before anything else.
IN_DANGER = (AnswerStatus.EMERGENCY, AnswerStatus.CRISIS)
# Nothing in the corpus surely answers what was asked.
UNSURE = (AnswerStatus.NEAR, AnswerStatus.NO_MATCH, AnswerStatus.UNKNOWN_NAME)


def label_of(status: str) -> str:
    """Return what staff call a status.

    :returns: the label; for a status unknown to this version, its family's label and the rest of the code.
    """
    named = next((label for known, label in _LABELS.items() if known == status), None)
    family = next((one for one in StatusFamily if one.has(status)), None)
    if named is not None or family is None:
        return named or status.replace("_", " ")
    return f"{family.label}: {status.removeprefix(f'{family}_').replace('_', ' ')}"
