"""How an answer came about is written down on the path that answers take, by the real model on the shipped corpus."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from bot import wiring
from bot.answering.trace import AnswerTrace, LookedUp
from bot.dialogue import Dialogue
from bot.dialogue.history import turn_of
from bot.dialogue.replied import Replied
from bot.settings import Settings

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def dialogue(shipped: Settings) -> Dialogue:
    return wiring.open_dialogue(wiring.store_of(shipped))[0]


def told(replied: Replied) -> AnswerTrace:
    assert replied.trace is not None
    return replied.trace


def only_look(replied: Replied) -> LookedUp:
    (look,) = told(replied).looked
    return look


@pytest.mark.parametrize(
    "message",
    ["What is a biomarker?", "My child has stopped breathing", "thank you", "zebra crossings in Ulm", "¿Qué es un gen?",
     "should I give my son more of his medicine", "What is a gene and how does gene therapy work?"],
)  # fmt: skip
def test_a_traced_answer_is_the_answer(dialogue: Dialogue, message: str) -> None:
    traced, plain = dialogue.traced_reply(message, country="US"), dialogue.reply(message, country="US")
    assert replace(traced, trace=None) == plain
    assert told(traced).build == plain.answer.build
    assert told(traced).ms > 0


def test_what_is_quoted_was_taken_and_nothing_else(dialogue: Dialogue) -> None:
    replied = dialogue.traced_reply("What is a biomarker?")
    taken = [one for one in only_look(replied).candidates if one.outcome == "taken"]
    assert {one.source for one in taken} == {snippet.source.id for snippet in replied.answer.snippets}
    assert all(one.confidence >= one.floor for one in taken)
    assert any(one.confidence == pytest.approx(replied.answer.confidence, abs=1e-4) for one in taken)


def test_what_was_passed_over_says_why(dialogue: Dialogue) -> None:
    unsure = only_look(dialogue.traced_reply("What does the library charge for late books?"))
    assert {one.outcome for one in unsure.candidates} == {"below_floor"}
    assert all(one.confidence < one.floor for one in unsure.candidates)
    named = only_look(dialogue.traced_reply("What is gene therapy for Quixotitis syndrome?"))
    missing = [one for one in named.candidates if one.outcome == "not_mentioned"]
    assert missing
    assert all(one.missing for one in missing)


def test_a_correction_and_a_follow_up_are_told(dialogue: Dialogue) -> None:
    mistyped = only_look(dialogue.traced_reply("what is a biomaker"))
    assert [(one.typed, one.read) for one in mistyped.corrections] == [("biomaker", "biomarker")]
    assert "biomarker" in mistyped.text
    first = dialogue.reply("What is gene therapy?")
    before = [turn_of("What is gene therapy?", None, first.answer)]
    follow_up = told(dialogue.traced_reply("how does it work?", before))
    assert follow_up.leaning is not None
    assert any("gene therapy" in look.text.lower() for look in follow_up.looked)


def test_danger_is_told_with_its_rules_and_nothing_is_looked_up(dialogue: Dialogue) -> None:
    trace = told(dialogue.traced_reply("My child has stopped breathing"))
    assert trace.safety is not None
    assert trace.safety.kind == "emergency"
    assert trace.safety.score > 0
    assert trace.looked == ()


def test_a_trace_goes_to_json_and_back(dialogue: Dialogue) -> None:
    trace = told(dialogue.traced_reply("What is a biomarker?"))
    assert msgspec.json.decode(msgspec.json.encode(trace), type=AnswerTrace) == trace
