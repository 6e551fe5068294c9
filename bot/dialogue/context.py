"""Define what the steps of a dialogue pass on: one message and all that is known of it so far.

Knows nothing of what a step does.
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
    """The tools of the steps, the same for every message."""

    answerer: Answerer
    watch: SafetyClassifier
    foreign: Foreign
    kept_days: int | None
    repeated: RepeatedAnswers | None = None

    def say(self, status: AnswerStatus, text: str, history: History = ()) -> Answer:
        """Return an answer in our own words, with suggested questions unless help must come first.

        :param history: turns whose questions and suggestions are not suggested again.
        """
        if status.family == StatusFamily.REFERRED:
            return Answer(status, self.answerer.build_id, 1.0, text)
        offered = self.answerer.suggestions(asked=questions_before(history))[:_MOST_OFFERED]
        return Answer(status, self.answerer.build_id, 1.0, text, suggestions=tuple(offered))


@dataclass(frozen=True, slots=True)
class Context:
    """One message on its way to a reply; the step in parentheses sets the fields named before it.

    ``message`` is what was typed, then its normalised form; ``asked`` is that without a greeting before it (normalise).
    ``key`` identifies a question that may be repeated, and ``approved`` is the set of approved answers it is answered
    with (recall). ``reading`` is what the message means if it leans on what was said, and ``parts`` what a story asks
    (contextualise). ``alone`` and ``in_context`` are what the two readings find (retrieve), and ``found`` is the one
    that was meant (decide).
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
        """What was seen in the message, which may be a decision about one person."""
        return self.seen.danger

    @property
    def reply(self) -> Replied:
        """The reply, once there is one."""
        assert self.replied is not None, "quote replies, whatever was found"
        return self.replied

    def with_answer(self, answer: Answer, reading: str | None = None) -> Context:
        """Return the same context with a reply to the message."""
        return replace(self, replied=Replied(answer, reading))
