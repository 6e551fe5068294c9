"""A message in its conversation -> one Answer. What families, staff and evaluation all ask.

Danger comes first, then small talk and other languages; what is left asks something of the corpus, alone or leaning on
what was said before. In: text and the turns before. Out: an Answer and how the text was understood. It must not know
HTTP or where turns are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from time import perf_counter

from bot.answering.answer import ANSWERED, Answerer
from bot.answering.judge import Looked
from bot.answering.question import parse_question
from bot.answering.trace import Told, Trace
from bot.conversing.clarify import choices
from bot.conversing.followup import Reading, asks_for_more, reading_of, surely_leans
from bot.conversing.heard import Heard
from bot.conversing.history import Before, History, asked_before, questions_before, quoted_in, turn_of
from bot.conversing.language import in_language, other_language
from bot.conversing.safety.contacts import ANYWHERE, actions_for
from bot.conversing.safety.danger import Danger, Seen, Watch, packaged_model
from bot.conversing.smalltalk import reply_to, said
from bot.conversing.story import questions_in, sentences_of
from bot.records import Answer, Notice

EMERGENCY, CRISIS, PERSONAL = "referred_emergency", "referred_crisis", "referred_personal_medical"
CLARIFY, OTHER_LANGUAGE, NO_MORE, NOTHING_BEFORE = (
    "clarify_topic",
    "unanswered_language",
    "unanswered_no_more",
    "smalltalk_nothing_before",
)


@dataclass(frozen=True, slots=True)
class Replied:
    """An Answer, and what its question was understood as, if that is something else than what was typed; ``trace`` is
    how it came about, where that was asked for."""

    answer: Answer
    reading: str | None = None
    trace: Told | None = None


class Dialogue:
    """Answers messages in their conversations, from one Build. It holds no state between them."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._watch = Watch(packaged_model(), answerer.model_sha256)
        self._trace: Trace | None = None

    @property
    def answerer(self) -> Answerer:
        """What answers questions that stand alone."""
        return self._answerer

    def traced_reply(
        self, message: str, history: History = (), *, country: str = ANYWHERE, in_context: bool = True
    ) -> Replied:
        """Return the Answer to a message with how it came about; as ``reply``, which it is."""
        trace, one = Trace(), copy(self)
        one._answerer, one._trace = self._answerer.traced(trace), trace
        replied = one.reply(message, history, country=country, in_context=in_context)
        return replace(replied, trace=trace.told(self._answerer.build_id))

    def reply(
        self, message: str, history: History = (), *, country: str = ANYWHERE, in_context: bool = True
    ) -> Replied:
        """Return the Answer to a message.

        :param message: what a family typed.
        :param history: the turns before it in the conversation, oldest first.
        :param country: whose telephone numbers are shown, one of ``contacts.countries()``.
        :param in_context: false takes the message as standing alone, whatever was said before.
        :returns: an answer whose snippets are slices of their sources' texts.
        :raises QuestionRejected: for an empty or too long message.
        """
        # Refuses what is empty or too long; the text itself is read as typed, with its line ends.
        parse_question(message)
        seen = self._look_for_danger(message)
        danger = seen.danger
        if danger is not None and danger.kind != "personal":
            return Replied(self._referred(danger, country))
        small = reply_to(message)
        if small is not None:
            return Replied(self._said(small.status, small.text))
        language = other_language(message, self._answerer.knows_word)
        if language is not None:
            return Replied(self._said(OTHER_LANGUAGE, in_language(language)))
        history = history if in_context else ()
        if danger is None and asks_for_more(message):
            return self._more(history)
        replied = self._ask(message, history) if danger is None else self._personal(message, history)
        if seen.is_near:
            return replace(replied, answer=_with_notice(replied.answer, _in_case(country)))
        return replied

    def _look_for_danger(self, message: str) -> Seen:
        began = perf_counter()
        seen = self._watch.look(message, self._answerer.vector_of)
        if self._trace is not None:
            danger = seen.danger
            patterns = danger.patterns if danger else ()
            score = danger.score if danger else 0.0
            self._trace.safety(danger.kind if danger else None, score, patterns, began, is_near=seen.is_near)
        return seen

    def _ask(self, message: str, history: History) -> Replied:
        """The answer to what a message asks, or to both of two questions."""
        questions = questions_in(message)
        if len(questions) == 1:
            return self._answer_one(questions[0], message, history)
        told: list[Replied] = []
        for question in questions:
            before = [*history, *(turn_of(q, r.reading, r.answer) for q, r in zip(questions, told, strict=False))]
            told.append(self._answer(question, before))
        answered = [one for one in told if one.answer.status == ANSWERED]
        if len(answered) == 2 and answered[0].answer.snippets != answered[1].answer.snippets:
            return Replied(_both(answered[0].answer, answered[1].answer), message)
        return answered[0] if answered else self._answer(message, history)

    def _answer_one(self, question: str, message: str, history: History) -> Replied:
        """The answer to the question of a message. In a story it leans on the story, else it stands alone; only when
        neither has an answer, what was said before the story is thought of."""
        if question == message.strip():
            return self._answer(question, history)
        for wording in dict.fromkeys([question, sentences_of(question)[-1]]):
            replied = self._answer_alone(wording, history)
            if replied.answer.status == ANSWERED:
                return replied
        return self._answer(question, history)

    def _answer(self, question: str, history: History) -> Replied:
        """The answer to one question, read alone or as leaning on what was said, whichever was rather meant."""
        reading = reading_of(question, history)
        if reading is None:
            return self._answer_alone(question, history)
        if surely_leans(question):
            return self._answer_read(question, self._look_up_read(question, reading), reading, history)
        heard = Heard(self._answerer, question, history)
        if not heard.may_lean() or self._answerer.approved_for(heard.alone) is not None:
            return self._answer_alone(question, history, heard.alone)
        read = self._look_up_read(question, reading)
        self._note_leaning(heard.leaning_of(read))
        if self._answerer.is_sure(read) and heard.leans(read):
            return self._answer_read(question, read, reading, history)
        return self._answer_alone(question, history, heard.alone)

    def _note_leaning(self, leaning: float) -> None:
        if self._trace is not None:
            self._trace.leaning(leaning)

    def _look_up_read(self, question: str, reading: Reading) -> Looked:
        return self._answerer.look_up_as(question, reading=reading.text, about=reading.topic)

    def _answer_read(self, question: str, read: Looked, reading: Reading, history: History) -> Replied:
        answer = self._answerer.answer_from(read, asked=questions_before(history))
        notices = [notice for notice in answer.notices if notice.kind != "topic"]
        understood = Notice("understood", said("understood", topic=reading.topic, question=question))
        return Replied(replace(answer, notices=(understood, *notices)), reading.text)

    def _answer_alone(self, question: str, history: History, looked: Looked | None = None) -> Replied:
        looked = looked or self._answerer.look_up(question)
        asked_back = bool(history) and history[-1].status == CLARIFY
        is_clear = asked_back or self._answerer.approved_for(looked) is not None
        offered = () if is_clear else choices(looked)
        if offered:
            answer = self._said(CLARIFY, said("clarify"))
            return Replied(replace(answer, confidence=_confidence(looked), suggestions=offered))
        return Replied(self._answerer.answer_from(looked, asked=questions_before(history)))

    def _more(self, history: History) -> Replied:
        """The next best sentences on what was answered last."""
        answered = [turn for turn in asked_before(history) if turn.shown]
        if not answered:
            return Replied(self._said(NOTHING_BEFORE, said("nothing_before")))
        last: Before = answered[-1]
        looked = self._answerer.look_up(last.reading)
        answer = self._answerer.answer_from(looked, shown=quoted_in(history), asked=questions_before(history))
        if answer.status != ANSWERED:
            answer = self._said(NO_MORE, said("no_more"))
        return Replied(answer, last.reading)

    def _personal(self, message: str, history: History) -> Replied:
        """What is known in general, if anything is, and that the care team decides."""
        replied = self._ask(message, history)
        found = replied.answer.status == ANSWERED
        text = said("personal" if found else "personal_nothing")
        return replace(replied, answer=replace(replied.answer, status=PERSONAL, message=text))

    def _referred(self, danger: Danger, country: str) -> Answer:
        if danger.kind == "emergency":
            actions = actions_for("emergency", country, danger.patterns)
            notice = Notice("emergency", said("whom_to_call"), actions)
            return replace(self._said(EMERGENCY, said("emergency")), notices=(notice,))
        actions = actions_for("crisis", country, danger.patterns)
        notice = Notice("crisis", said("whom_to_call"), actions)
        return replace(self._said(CRISIS, said("crisis")), notices=(notice,))

    def _said(self, status: str, text: str) -> Answer:
        """An answer in our own words, with questions to go on with unless help must come first."""
        calm = not status.startswith("referred")
        offered: Sequence[str] = self._answerer.suggestions()[:3] if calm else ()
        return Answer(status, self._answerer.build_id, 1.0, text, suggestions=tuple(offered))


def _confidence(looked: Looked) -> float:
    return looked.judged[0].confidence if looked.judged else 0.0


def _both(first: Answer, second: Answer) -> Answer:
    """One answer to two questions: what was found for each, first things first."""
    fresh = [snippet for snippet in second.snippets if snippet not in first.snippets]
    terms = {term.term: term for term in (*first.terms, *second.terms)}
    return replace(
        first,
        confidence=min(first.confidence, second.confidence),
        snippets=(*first.snippets[:1], *fresh[:1]),
        terms=tuple(terms.values()),
        notices=(Notice("two_questions", said("two_questions")), *first.notices, *second.notices),
    )


def _in_case(country: str) -> Notice:
    actions = (*actions_for("emergency", country)[:1], *actions_for("crisis", country)[:1])
    return Notice("in_case", said("in_case"), actions)


def _with_notice(answer: Answer, notice: Notice) -> Answer:
    return replace(answer, notices=(*answer.notices, notice))
