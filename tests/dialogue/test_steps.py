"""The steps of a reply, one by one, without a model: what each sets, and when it replies."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.trace import SILENT
from bot.dialogue import ANSWER, Dialogue
from bot.dialogue.accompany import accompany
from bot.dialogue.context import Context, Tools
from bot.dialogue.danger import look_for_danger, refer
from bot.dialogue.decide import decide
from bot.dialogue.followup import Reading
from bot.dialogue.foreign import Foreign
from bot.dialogue.generalise import generalise
from bot.dialogue.history import EarlierTurn
from bot.dialogue.introduce import introduce
from bot.dialogue.normalise import normalise
from bot.dialogue.quote import quote
from bot.dialogue.talk import talk
from bot.errors import QuestionRejected
from bot.records import Answer, Snippet, SnippetSource
from bot.safety.danger import SafetyClassifier, SafetyFinding, SafetyResult, packaged_thresholds
from bot.safety.languages import urgent_by_words
from bot.statuses import AnswerStatus, StatusFamily

OFFERED = ["What is a gene?", "What is a trial?", "What is a placebo?", "What is a twin?"]
ORIGIN = SnippetSource("a", "explainer", "A", None, "/explainers/a", None, None, None, (0, 5), "0" * 64)
QUOTE = Snippet("Words.", (), ORIGIN)
PERSONAL = SafetyResult(SafetyFinding("personal", 1.0, ()))


class NothingLooked:
    """An answerer that must not be asked for what the corpus holds. It has no routing head, so patterns decide."""

    build_id = "b"
    message_kinds = ()

    def suggestions(self, **more: object) -> list[str]:
        return OFFERED

    def knows_word(self, word: str) -> bool:
        return True

    def vectors_of(self, text: str) -> Any:
        raise AssertionError("Nothing is encoded where patterns decide")

    def retrieve(self, message: str, **more: object) -> Any:
        raise AssertionError(f"{message} was looked up")


def tools(kept_days: int | None = None) -> Tools:
    watch = SafetyClassifier(packaged_thresholds(), (), urgent_by_words)
    return Tools(NothingLooked(), watch, Foreign(watch), kept_days)  # type: ignore[arg-type]


def told(message: str, **more: Any) -> Context:
    context = Context(message, (), "US", SILENT, asked=message)
    return replace(context, **more)


def found(confidence: float, *, approved: object = None) -> Any:
    looked = SimpleNamespace(asked=SimpleNamespace(terms=("one", "two", "three")), about=None, judged=())
    return SimpleNamespace(confidence=confidence, approved=approved, looked=looked)


def answered(context: Context) -> Answer:
    return context.reply.answer


@pytest.mark.parametrize("message", ["", "  \n ", "a" * 2001])
def test_what_cannot_be_taken_is_refused_before_anything_is_done_with_it(message: str) -> None:
    with pytest.raises(QuestionRejected):
        normalise(told(message), tools())


def test_a_message_is_read_once_and_a_greeting_before_it_is_left_out() -> None:
    context = normalise(told("Hello, what is a\u200b gene?"), tools())
    assert (context.message, context.asked, context.language) == ("Hello, what is a gene?", "what is a gene?", None)


def test_danger_is_answered_with_whom_to_call_and_nothing_is_looked_up() -> None:
    replied = Dialogue(NothingLooked()).reply("My child has stopped breathing", country="US")  # type: ignore[arg-type]
    assert replied.answer.status == AnswerStatus.EMERGENCY
    assert replied.answer.suggestions == ()
    assert "tel:911" in [action.href for action in replied.answer.notices[0].actions]


def test_danger_is_looked_for_before_every_step_that_may_reply() -> None:
    assert [step.__name__ for step in ANSWER[:3]] == ["normalise", "look_for_danger", "refer"]


def test_who_asks_for_the_numbers_gets_both() -> None:
    context = refer(look_for_danger(told("who can I call?"), tools()), tools())
    assert answered(context).status == AnswerStatus.NUMBERS
    assert [notice.kind for notice in answered(context).notices] == ["emergency", "crisis"]


def test_small_talk_is_answered_and_a_question_is_not() -> None:
    assert answered(talk(told("thank you"), tools())).status == AnswerStatus.THANKS
    assert answered(talk(told("thank you"), tools())).suggestions == tuple(OFFERED[:3])
    assert talk(told("what is a gene?"), tools()).replied is None


def test_how_long_words_are_kept_is_told_where_it_is_known() -> None:
    assert "30 days" in (answered(talk(told("delete my chat"), tools(30))).message or "")
    assert "days" not in (answered(talk(told("delete my chat"), tools())).message or "")


def test_who_says_after_a_card_that_all_are_safe_is_believed() -> None:
    after_a_card = (EarlierTurn("it hurts", "it hurts", AnswerStatus.EMERGENCY),)
    assert answered(talk(told("no, we are safe", history=after_a_card), tools())).status == AnswerStatus.SAFE
    assert talk(told("no, we are safe"), tools()).replied is None


@pytest.mark.parametrize(
    ("alone", "in_context", "chosen"), [(0.5, 0.6, "in_context"), (0.6, 0.5, "alone"), (0.5, 0.5, "alone")]
)
def test_the_surer_reading_was_meant(alone: float, in_context: float, chosen: str) -> None:
    context = told("and later?", alone=found(alone), in_context=found(in_context), reading=Reading("a: later", "a"))
    assert decide(context, tools()).found is getattr(context, chosen)


def test_an_approved_answer_to_the_question_alone_is_given_whatever_else_was_meant() -> None:
    context = told("later?", alone=found(0.1, approved=object()), in_context=found(0.9), reading=Reading("a", "a"))
    assert decide(context, tools()).found is context.alone


def test_what_says_nothing_by_itself_is_read_in_its_context() -> None:
    context = told("why?", in_context=found(0.1), reading=Reading("a: why?", "a"))
    assert decide(context, tools()).found is context.in_context


def test_a_decision_about_one_person_is_the_care_teams_and_what_is_near_is_general() -> None:
    unsure = Answer(AnswerStatus.NEAR, "b", 0.3, near=(QUOTE,))
    context = told("should I stop her trial medicine", seen=PERSONAL).with_answer(unsure)
    general = answered(generalise(context, tools()))
    assert (general.status, general.snippets, general.near) == (AnswerStatus.PERSONAL_MEDICAL, (QUOTE,), ())
    assert "general" in (general.message or "")


def test_what_hardly_answers_is_not_quoted_as_what_is_known_in_general() -> None:
    unlikely = Answer(AnswerStatus.NEAR, "b", 0.05, near=(QUOTE,))
    context = told("should I stop her trial medicine", seen=PERSONAL).with_answer(unlikely)
    general = answered(generalise(context, tools()))
    assert (general.status, general.snippets, general.near) == (AnswerStatus.PERSONAL_MEDICAL, (), (QUOTE,))
    assert "general" not in (general.message or "")


def test_small_talk_about_one_person_stays_small_talk() -> None:
    greeted = told("hello", seen=PERSONAL).with_answer(Answer(AnswerStatus.GREETING, "b", 1.0))
    assert generalise(greeted, tools()) is greeted


@pytest.mark.parametrize(
    ("asked", "introduced"),
    [
        ("Is it true that genes vanish when you move?", True),
        ("my sister-in-law says the exome tells the age", True),
        ("Since CRISPR already cured autism, where do we sign up?", True),
        ("so it means he is cured?", True),
        ("a normal heel prick excludes it, right?", True),
        ("I read that vaccines do this. Do they?", True),
        ("What is gene therapy?", False),
        ("how long since the trial began", False),
        ("which arm is it, the left or the right one?", False),
        ("is a gene test always right?", False),
    ],
)
def test_what_answers_a_claim_is_said_to_be_our_sources(asked: str, introduced: bool) -> None:
    answer = Answer(AnswerStatus.ANSWERED, "b", 0.9, snippets=(QUOTE,))
    said = answered(introduce(told(asked).with_answer(answer), tools()))
    assert said.message == ("Our source says:" if introduced else None)
    assert said.snippets == (QUOTE,)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("The Heart", "I took this as being about The Heart."),
        ("Why us?", "I read this together with what you asked before: “Why us”"),
    ],
)
def test_what_a_question_is_read_with_is_called_a_topic_only_where_it_is_one(topic: str, said: str) -> None:
    read = found(0.9)
    before = EarlierTurn("Why us?", None, AnswerStatus.NEAR)
    context = told("and now", history=(before,), found=read, in_context=read, reading=Reading("x", topic))
    answerer = SimpleNamespace(compose=lambda *_, **__: Answer(AnswerStatus.ANSWERED, "b", 0.9))
    answer = answered(quote(context, replace(tools(), answerer=answerer)))  # type: ignore[arg-type]
    assert [notice.text for notice in answer.notices] == [said]


def test_who_is_told_that_a_person_decides_is_told_no_more() -> None:
    answer = Answer(AnswerStatus.PERSONAL_MEDICAL, "b", 0.9, "Your care team can.", snippets=(QUOTE,))
    assert answered(introduce(told("is it true he needs more?").with_answer(answer), tools())) == answer


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("how many kilobases are deleted", "“kilobases”"),
        ("does tiktok cause tourettes", "“tiktok” or “tourettes”"),
        ("i gotta know about kilobases", "“kilobases”"),
        ("mail ada.lovelace@example.org about kilobases", "“kilobases”"),
        ("ask Kirstie Wunderlich about kilobases", "“kilobases”"),
        ("kilobases tiktok tourettes", None),
        ("what is a deletion", None),
    ],
)
def test_a_refusal_names_the_words_that_nothing_speaks_of_and_nobody(asked: str, named: str | None) -> None:
    unknown = {"kilobases", "tiktok", "tourettes", "ada", "lovelace", "kirstie", "wunderlich", "gotta", "example"}
    lacking = replace(tools(), answerer=SimpleNamespace(knows_word=lambda word: word not in unknown))  # type: ignore[arg-type]
    answer = Answer(AnswerStatus.NO_MATCH, "b", 0.1, "Nothing found.")
    message = answered(introduce(told(asked).with_answer(answer), lacking)).message or ""
    assert message == "Nothing found." if named is None else f"Nothing we have speaks of {named}." in message


def test_the_numbers_stand_beside_an_answer_where_little_was_missing() -> None:
    answer = Answer(AnswerStatus.NO_MATCH, "b", 0.1)
    beside = accompany(told("he is so tired", seen=SafetyResult(None, is_near=True)).with_answer(answer), tools())
    assert [notice.kind for notice in answered(beside).notices] == ["in_case"]
    assert accompany(told("what is a gene?").with_answer(answer), tools()).reply.answer == answer


@pytest.mark.parametrize("status", [AnswerStatus.EMERGENCY, AnswerStatus.CRISIS, AnswerStatus.NUMBERS])
def test_whom_to_call_is_not_said_twice(status: AnswerStatus) -> None:
    context = told("help", seen=SafetyResult(None, is_near=True)).with_answer(Answer(status, "b", 1.0))
    assert accompany(context, tools()) is context


def test_what_was_read_without_the_greeting_is_told_but_not_of_small_talk() -> None:
    asked = told("Hello, what is a gene?", asked="what is a gene?")
    assert accompany(asked.with_answer(Answer(AnswerStatus.ANSWERED, "b", 0.9)), tools()).reply.reading == asked.asked
    talked = accompany(asked.with_answer(Answer(AnswerStatus.GREETING, "b", 1.0)), tools())
    assert talked.reply.reading is None
    assert talked.reply.answer.status.family == StatusFamily.SMALLTALK
