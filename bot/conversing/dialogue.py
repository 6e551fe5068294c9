"""A message in its conversation -> one Answer. What families, staff and evaluation all ask.

Danger comes first, then small talk and other languages; what is left asks something of the corpus, alone or leaning on
what was said before. In: text and the turns before. Out: an Answer and how the text was understood. It must not know
HTTP or where turns are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from time import perf_counter

from bot.answering.answer import ANSWERED, Answerer
from bot.answering.judge import Looked
from bot.answering.question import parse_question, readable
from bot.answering.trace import Trace
from bot.conversing.calling import URGENT_KINDS, UrgentKind, in_case, to_call
from bot.conversing.calming import denies_danger, is_only_denial, was_referred
from bot.conversing.clarify import choices
from bot.conversing.followup import Reading, asks_for_more, reading_of, surely_leans
from bot.conversing.foreign import Foreign
from bot.conversing.history import Before, History, asked_before, questions_before, quoted_in
from bot.conversing.language import in_language, other_language
from bot.conversing.personal import case_of
from bot.conversing.phrases import says
from bot.conversing.replied import Replied, about_another, both, with_near_of, with_notice
from bot.conversing.safety.contacts import ANYWHERE
from bot.conversing.safety.danger import Danger, Seen, Watch, packaged_thresholds
from bot.conversing.simply import hard_words
from bot.conversing.smalltalk import PRIVACY, Reply, reply_to, said, without_opening
from bot.conversing.story import Part, parts_of
from bot.records import Answer, Notice

NUMBERS, SAFE, SIMPLY = "smalltalk_numbers", "smalltalk_safe", "smalltalk_simply"
EMERGENCY, CRISIS, PERSONAL = "referred_emergency", "referred_crisis", "referred_personal_medical"
CLARIFY, OTHER_LANGUAGE, NO_MORE, NOTHING_BEFORE = (
    "clarify_topic",
    "unanswered_language",
    "unanswered_no_more",
    "smalltalk_nothing_before",
)

# How many parts of a story are looked up, and what the form of a question counts for beside a cosine or a confidence.
# Run "stories" in docs/evaluation.md.
_READ_PARTS = 4
_ASKS = 0.15
# A part out of its story is the answer only when it is surer than a whole message must be.
_PART_FLOOR = 0.6
# In a message of more words than this, what is asked stands beside much that is not.
_LONG_WORDS = 60


class Dialogue:
    """Answers messages in their conversations, from one Build. It holds no state between them."""

    def __init__(self, answerer: Answerer, *, kept_days: int | None = None) -> None:
        """Make a dialogue.

        :param answerer: answers questions that stand alone.
        :param kept_days: after how many days what was written is removed, to be told; ``None`` where nobody knows.
        """
        self._answerer = answerer
        self._kept_days = kept_days
        self._watch = Watch(packaged_thresholds(), answerer.message_kinds)
        self._foreign = Foreign(self._watch)
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
        # Refuses what is empty or too long; the text itself is read with its line ends.
        parse_question(message)
        message = readable(message)
        history = history if in_context else ()
        language = other_language(message, self._answerer.knows_word)
        if language is not None:
            return self._in_other_language(message, language, country)
        seen = self._look_for_danger(message, history)
        if says(message, "numbers"):
            return Replied(self._numbers(seen.danger, country))
        if seen.danger is not None and seen.danger.kind != "personal":
            return Replied(self._referred(seen.danger, country))
        asked = without_opening(message)
        replied = self._reply_calmly(message, asked, seen.danger, history)
        if asked != message and replied.reading is None and not replied.answer.status.startswith("smalltalk"):
            replied = replace(replied, reading=asked)
        if seen.is_near or self._foreign.may_be_in_danger(message):
            return replace(replied, answer=with_notice(replied.answer, in_case(country)))
        return replied

    def _in_other_language(self, message: str, language: str, country: str) -> Replied:
        """Danger, an answer by the glossary, or that we answer in English: always with whom to call."""
        danger = self._noted(self._foreign.look, message).danger
        if danger is not None:
            referred = self._referred(danger, country)
            return Replied(replace(referred, message=in_language(language, danger.kind) or referred.message))
        answer, reading = self._foreign.answer(message, language, self._answerer)
        if answer is None:
            answer = self._said(OTHER_LANGUAGE, in_language(language) or "")
        return Replied(with_notice(answer, in_case(country)), reading)

    def _reply_calmly(self, message: str, asked: str, danger: Danger | None, history: History) -> Replied:
        """The reply to a message that no one must see first; ``asked`` is the message without "hello" before it."""
        small = self._small(message, asked, history)
        if small is not None:
            return Replied(self._said(small.status, small.text))
        if danger is not None:
            return self._personal(asked, history)
        if says(asked, "simply"):
            return Replied(self._simply(history))
        return self._more(history) if asks_for_more(asked) else self._ask(asked, history)

    def _look_for_danger(self, message: str, history: History) -> Seen:
        """The danger in a message. After a card, to who says that all are safe, only a pattern gives the next one."""
        return self._noted(lambda text: self._danger_after(text, history), message)

    def _danger_after(self, message: str, history: History) -> Seen:
        seen = self._watch.look(message, self._answerer.vectors_of)
        if seen.danger is not None and seen.danger.kind != "personal" and denies_danger(message, history):
            return replace(self._watch.look_for_patterns(message), is_near=True)
        return seen

    def _noted(self, look: Callable[[str], Seen], message: str) -> Seen:
        """The danger in a message, noted in the trace."""
        began = perf_counter()
        seen = look(message)
        if self._trace is not None:
            danger = seen.danger
            patterns = danger.patterns if danger else ()
            score = danger.score if danger else 0.0
            self._trace.safety(danger.kind if danger else None, score, patterns, began, is_near=seen.is_near)
        return seen

    def _ask(self, message: str, history: History) -> Replied:
        """The answer to what a message asks. A story is read as a whole first, then by its parts; two questions get two
        answers."""
        whole, *parts = parts_of(message)
        replied = self._answer(whole.text, history)
        if not parts:
            return replied
        asking = [part for part in parts if part.asks]
        is_answered = replied.answer.status == ANSWERED
        is_long = len(message.split()) > _LONG_WORDS
        if is_answered and len(asking) < 2 and not (is_long and asking):
            return replied
        told = self._told_of(asking if is_answered else parts, history)
        answered = [one for one in told if one.answer.status == ANSWERED and one.answer.confidence >= _PART_FLOOR]
        second = about_another(answered[0], answered[1:]) if answered else None
        first = answered[0] if second is not None else replied
        if second is None and is_answered and is_long:
            # What a long story asks for in particular stands below what it is about as a whole.
            second = about_another(replied, answered)
        if second is not None:
            first = Replied(both(first.answer, second.answer), message)
        elif not is_answered and answered:
            first = answered[0]
        return with_near_of(first, told)

    def _told_of(self, parts: Sequence[Part], history: History) -> list[Replied]:
        """What the best parts of a message are answered, the best first."""
        worth = sorted(parts, key=lambda part: -self._answerer.nearness_of(part.text) - _ASKS * part.asks)[:_READ_PARTS]
        looked = [(part, self._answerer.look_up(part.text)) for part in worth]
        looked.sort(key=lambda entry: -entry[1].confidence - _ASKS * entry[0].asks)
        shown, asked = quoted_in(history), questions_before(history)
        return [Replied(self._answerer.answer_from(one, shown=shown, asked=asked), part.text) for part, one in looked]

    def _answer(self, question: str, history: History) -> Replied:
        """The answer to one question, read alone or as leaning on what was said, whichever was rather meant."""
        reading = reading_of(question, history)
        if reading is None:
            return self._answer_alone(question, history)
        read = self._look_up_read(question, reading)
        if surely_leans(question):
            return self._answer_read(read, reading, history)
        alone = self._answerer.look_up(question)
        self._note_leaning(read.confidence - alone.confidence)
        if self._answerer.approved_for(alone) is None and read.confidence > alone.confidence:
            return self._answer_read(read, reading, history)
        return self._answer_alone(question, history, alone)

    def _note_leaning(self, leaning: float) -> None:
        if self._trace is not None:
            self._trace.leaning(leaning)

    def _look_up_read(self, question: str, reading: Reading) -> Looked:
        return self._answerer.look_up_as(question, reading=reading.text, about=reading.topic)

    def _answer_read(self, read: Looked, reading: Reading, history: History) -> Replied:
        answer = self._answerer.answer_from(read, shown=quoted_in(history), asked=questions_before(history))
        understood = Notice("understood", said("understood", topic=reading.topic))
        return Replied(replace(answer, notices=(understood, *answer.notices)), reading.text)

    def _answer_alone(self, question: str, history: History, looked: Looked | None = None) -> Replied:
        looked = looked or self._answerer.look_up(question)
        asked_back = bool(history) and history[-1].status == CLARIFY
        is_clear = asked_back or self._answerer.approved_for(looked) is not None
        offered = () if is_clear else choices(looked)
        if offered:
            answer = self._said(CLARIFY, said("clarify"))
            return Replied(replace(answer, confidence=_confidence(looked), suggestions=offered))
        shown = quoted_in(history)
        return Replied(self._answerer.answer_from(looked, shown=shown, asked=questions_before(history)))

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
        """What is known in general, if anything is, and that the care team decides. Where no passage is sure, the
        nearest one is still general information, and is introduced as that."""
        replied = self._ask(message, history)
        case = case_of(message)
        if case is None:
            return replied
        answer = replied.answer
        shown, near = answer.snippets, answer.near
        if not shown:
            shown, near = near[:1], near[1:]
        text = said(case if shown else f"{case}_nothing")
        general = replace(answer, status=PERSONAL, message=text, snippets=shown, near=near)
        return replace(replied, answer=general)

    # Talk: what is said about ourselves and about what was said.

    def _small(self, message: str, asked: str, history: History) -> Reply | None:
        """What is said in our own words, where a message asks nothing of the corpus."""
        if was_referred(history) and is_only_denial(message):
            return Reply(SAFE, said("safe"))
        small = reply_to(message) or (reply_to(asked) if asked != message else None)
        if small is not None and small.status == PRIVACY and self._kept_days is not None:
            return Reply(PRIVACY, said("privacy_days", days=str(self._kept_days)))
        return small

    def _simply(self, history: History) -> Answer:
        """What the hard words of the last quotes mean."""
        shown = next((turn.shown for turn in reversed(history) if turn.shown), ())
        terms = hard_words(shown, self._answerer)
        return replace(self._said(SIMPLY, said("simply" if terms else "simply_nothing")), terms=terms)

    def _numbers(self, danger: Danger | None, country: str) -> Answer:
        """Whom to call in an emergency and in a crisis, what fits the message first."""
        if danger is None or danger.kind == "personal":
            answer = self._said(NUMBERS, said("numbers"))
            return replace(answer, notices=tuple(to_call(kind, country) for kind in URGENT_KINDS))
        answer = self._referred(danger, country)
        others = (to_call(kind, country) for kind in URGENT_KINDS if kind != danger.kind)
        return replace(answer, notices=(*answer.notices, *others))

    def _referred(self, danger: Danger, country: str) -> Answer:
        kind: UrgentKind = "emergency" if danger.kind == "emergency" else "crisis"
        status = EMERGENCY if kind == "emergency" else CRISIS
        return replace(self._said(status, said(kind)), notices=(to_call(kind, country, danger.patterns),))

    def _said(self, status: str, text: str) -> Answer:
        """An answer in our own words, with questions to go on with unless help must come first."""
        calm = not status.startswith("referred")
        offered: Sequence[str] = self._answerer.suggestions()[:3] if calm else ()
        return Answer(status, self._answerer.build_id, 1.0, text, suggestions=tuple(offered))


def _confidence(looked: Looked) -> float:
    return looked.judged[0].confidence if looked.judged else 0.0
