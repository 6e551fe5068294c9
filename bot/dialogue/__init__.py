"""Answer a message in its conversation, in named steps, for families, staff and evaluation alike.

Each step is a function in its own module that takes the frozen ``Context`` and returns the next one. The steps of
ANSWER run until one of them replies, so danger is checked before anything is looked up; those of REFINE run on every
reply. Knows nothing of HTTP or of where turns are stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.answering.answer import Answerer
from bot.answering.trace import SILENT, Recorder, Trace
from bot.dialogue.accompany import accompany
from bot.dialogue.context import Context, Tools
from bot.dialogue.contextualise import contextualise
from bot.dialogue.danger import look_for_danger, refer
from bot.dialogue.decide import decide
from bot.dialogue.foreign import Foreign
from bot.dialogue.generalise import generalise
from bot.dialogue.history import History
from bot.dialogue.introduce import introduce
from bot.dialogue.normalise import normalise
from bot.dialogue.parts import read_parts
from bot.dialogue.quote import quote
from bot.dialogue.recall import keep, recall
from bot.dialogue.repeated import RepeatedAnswers
from bot.dialogue.replied import Replied
from bot.dialogue.resume import resume
from bot.dialogue.retrieve import retrieve
from bot.dialogue.smalltalk import said
from bot.dialogue.talk import talk
from bot.dialogue.translate import translate
from bot.errors import EngineUnavailable
from bot.safety.contacts import ANYWHERE
from bot.safety.danger import SafetyClassifier, packaged_thresholds
from bot.safety.languages import urgent_by_words
from bot.statuses import AnswerStatus

Step = Callable[[Context, Tools], Context]

ANSWER = (
    normalise,
    look_for_danger,
    refer,
    recall,
    translate,
    talk,
    resume,
    contextualise,
    retrieve,
    decide,
    quote,
)
REFINE = (read_parts, generalise, introduce, accompany)


class Dialogue:
    """A dialogue over one Build; stateless between messages."""

    def __init__(
        self, answerer: Answerer, *, kept_days: int | None = None, repeated: RepeatedAnswers | None = None
    ) -> None:
        """Make a dialogue.

        :param kept_days: after how many days messages are deleted, to tell those who ask; ``None`` if unknown.
        :param repeated: the cache of this Build's answers to repeated questions; ``None`` caches none.
        """
        watch = SafetyClassifier(packaged_thresholds(), answerer.message_kinds, urgent_by_words)
        self._tools = Tools(answerer, watch, Foreign(watch), kept_days, repeated)

    @property
    def answerer(self) -> Answerer:
        """The answerer of questions that stand alone."""
        return self._tools.answerer

    def traced_reply(
        self, message: str, history: History = (), *, country: str = ANYWHERE, in_context: bool = True
    ) -> Replied:
        """Return the Answer to a message with the trace of how it came about; otherwise as ``reply``."""
        trace = Trace()
        replied = self.reply(message, history, country=country, in_context=in_context, recorder=trace)
        return replace(replied, trace=trace.told(self.answerer.build_id))

    def reply(
        self,
        message: str,
        history: History = (),
        *,
        country: str = ANYWHERE,
        in_context: bool = True,
        recorder: Recorder = SILENT,
    ) -> Replied:
        """Return the Answer to a message.

        :param history: the earlier turns of the conversation, oldest first.
        :param country: whose telephone numbers are shown, one of ``contacts.countries()``.
        :param in_context: false takes the message as standing alone, whatever was said before.
        :returns: an answer whose snippets are slices of their sources' texts.
        :raises QuestionRejected: for an empty or too long message.
        """
        context = Context(message, history if in_context else (), country, recorder)
        for step in ANSWER:
            context = _taken(step, context, self._tools)
            if context.replied is not None:
                break
        if not context.reply.is_repeated:
            keep(context, self._tools)
        for refine in REFINE:
            context = _taken(refine, context, self._tools)
        return context.reply


def _taken(step: Step, context: Context, tools: Tools) -> Context:
    """Return the context after a step; without an engine, keep the reply or say that nothing can be looked up."""
    try:
        return step(context, tools)
    except EngineUnavailable:
        if context.replied is not None:
            return context
        answer = tools.say(AnswerStatus.UNAVAILABLE, said("unavailable"))
        # A suggested question could not be looked up either.
        return context.with_answer(replace(answer, suggestions=()))
