"""A message in another language -> the danger in it, or an answer in English that a glossary of ours led to.

In: a message and the language that it is in. Out: a ``Danger``, or an Answer whose quotes are in English and say so.
It must not know whom to call.
"""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Answerer
from bot.answering.trace import Recorder
from bot.dialogue.language import in_language, is_greeting, may_be_foreign
from bot.dialogue.translation import to_english
from bot.records import Answer, Notice
from bot.safety.danger import SafetyClassifier, SafetyResult
from bot.safety.languages import packaged_languages
from bot.statuses import AnswerStatus


class Foreign:
    """Reads messages that are not in English. It holds no state between them."""

    def __init__(self, watch: SafetyClassifier) -> None:
        self._watch = watch

    def look(self, message: str) -> SafetyResult:
        """Return the emergency or crisis in a message, in its language or in English words between.

        :returns: never one of a decision about one person.
        """
        if is_greeting(message):
            return SafetyResult(None)
        seen = packaged_languages().look(message)
        danger = seen.danger or self._watch.look_for_patterns(message).danger
        return SafetyResult(None if danger is None or danger.kind == "personal" else danger, is_near=True)

    def may_be_in_danger(self, message: str) -> bool:
        """Return whether a message that is taken for English may be a cry for help in another language."""
        return may_be_foreign(message) and packaged_languages().look(message).is_near

    def answer(
        self, message: str, language: str, answerer: Answerer, recorder: Recorder
    ) -> tuple[Answer | None, str | None]:
        """Return the answer to a question in another language, and the English words that were looked up for it.

        :param language: a code of ``languages.toml``.
        :returns: nothing where there is no glossary for the language, where nothing near is found, and for a decision
            about one person: that a quotation alone does not answer.
        """
        quoted, reading = in_language(language, "quoted"), to_english(message, language)
        if quoted is None or reading is None or _is_personal(message):
            return None, None
        answer = answerer.answer(reading, recorder=recorder)
        if answer.status not in {AnswerStatus.ANSWERED, AnswerStatus.NEAR}:
            return None, None
        # What was changed in the reading is no word of the family's.
        notices = [notice for notice in answer.notices if notice.kind != "spelling"]
        return replace(answer, notices=(Notice("language", quoted), *notices)), reading


def _is_personal(message: str) -> bool:
    kinds = packaged_languages().tell(message).kinds
    return max(kinds, key=lambda kind: kinds[kind]) == "personal_medical"
