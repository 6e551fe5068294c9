"""Handle a message in another language: find the danger in it, or answer it in English by a glossary of ours.

Quotations stay in English, and the answer says so. Knows nothing of whom to call.
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
    """A reader of messages that are not in English; stateless between them."""

    def __init__(self, watch: SafetyClassifier) -> None:
        self._watch = watch

    def look(self, message: str) -> SafetyResult:
        """Return the emergency or crisis in a message, said in its language or in English words within it.

        :returns: never a decision about one person.
        """
        if is_greeting(message):
            return SafetyResult(None)
        seen = packaged_languages().look(message)
        danger = seen.danger or self._watch.look_for_patterns(message).danger
        return SafetyResult(None if danger is None or danger.kind == "personal" else danger, is_near=True)

    def may_be_in_danger(self, message: str) -> bool:
        """Say whether a message taken for English may be a cry for help in another language."""
        return may_be_foreign(message) and packaged_languages().look(message).is_near

    def answer(
        self, message: str, language: str, answerer: Answerer, recorder: Recorder
    ) -> tuple[Answer | None, str | None]:
        """Return the answer to a question in another language, and the English words that were looked up for it.

        :param language: a code of ``languages.toml``.
        :returns: twice ``None`` if the language has no glossary, if nothing near is found, or for a decision about one
            person, which a quotation alone does not answer.
        """
        quoted, reading = in_language(language, "quoted"), to_english(message, language)
        if quoted is None or reading is None or _is_personal(message):
            return None, None
        answer = answerer.answer(reading, recorder=recorder)
        if answer.status not in {AnswerStatus.ANSWERED, AnswerStatus.NEAR}:
            return None, None
        # Spelling corrections of the reading are not about words that the family wrote.
        notices = [notice for notice in answer.notices if notice.kind != "spelling"]
        return replace(answer, notices=(Notice("language", quoted), *notices)), reading


def _is_personal(message: str) -> bool:
    kinds = packaged_languages().tell(message).kinds
    return max(kinds, key=lambda kind: kinds[kind]) == "personal_medical"
