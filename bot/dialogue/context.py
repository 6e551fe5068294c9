"""What the steps of a dialogue hand on: one message, and all that is known of it so far.

It must not know what a step does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answering.answer import Answerer
from bot.answering.retrieved import RetrievalResult
from bot.answering.story import MessagePart
from bot.answering.trace import Recorder
from bot.dialogue.followup import Reading
from bot.dialogue.foreign import Foreign
from bot.dialogue.history import History, questions_before
from bot.dialogue.repeated import RepeatedAnswers
from bot.dialogue.replied import Replied
from bot.records import Answer
from bot.safety.danger import SafetyClassifier, SafetyFinding, SafetyResult
from bot.statuses import AnswerStatus, StatusFamily

_MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Tools:
    """What the steps work with, the same for every message."""

    answerer: Answerer
    watch: SafetyClassifier
    foreign: Foreign
    kept_days: int | None
    repeated: RepeatedAnswers | None = None

    def say(self, status: AnswerStatus, text: str, history: History = ()) -> Answer:
        """Return an answer in our own words, with questions to go on with unless help must come first.

        :param history: in which what is offered was neither asked nor offered.
        """
        if status.family == StatusFamily.REFERRED:
            return Answer(status, self.answerer.build_id, 1.0, text)
        offered = self.answerer.suggestions(asked=questions_before(history))[:_MOST_OFFERED]
        return Answer(status, self.answerer.build_id, 1.0, text, suggestions=tuple(offered))


@dataclass(frozen=True, slots=True)
class Context:
    """One message on its way to a reply. Each field below ``recorder`` is set by the step that it names.

    ``message`` is what was typed, then the same as everything reads it; ``asked`` is it without a greeting before it
    (normalise). ``key`` stands for a question that may come again, ``approved`` is what it is answered beside (recall).
    ``reading`` is what it means if it leans on what was said, ``parts`` what a story asks
    (contextualise). ``alone`` and ``in_context`` are what the two readings find (retrieve), ``found`` the one that was
    meant (decide).
    """

    message: str
    history: History
    country: str
    recorder: Recorder
    language: str | None = None
    asked: str = ""
    seen: SafetyResult = SafetyResult(None)
    reading: Reading | None = None
    parts: tuple[MessagePart, ...] = ()
    alone: RetrievalResult | None = None
    in_context: RetrievalResult | None = None
    found: RetrievalResult | None = None
    key: bytes | None = None
    approved: object = None
    replied: Replied | None = None

    @property
    def danger(self) -> SafetyFinding | None:
        """What was seen in the message, a decision about one person included."""
        return self.seen.danger

    @property
    def reply(self) -> Replied:
        """The reply, once there is one."""
        assert self.replied is not None, "quote replies, whatever was found"
        return self.replied

    def with_answer(self, answer: Answer, reading: str | None = None) -> Context:
        """Return the same with a reply to the message."""
        return replace(self, replied=Replied(answer, reading))
