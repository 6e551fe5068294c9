"""Check a message for danger before anything else, and reply with whom to call.

Knows nothing of what the corpus holds.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from bot.answering.phrases import says
from bot.dialogue.calling import URGENT_KINDS, UrgentKind, to_call
from bot.dialogue.calming import denies_danger
from bot.dialogue.context import Context, Tools
from bot.dialogue.language import in_language
from bot.dialogue.smalltalk import said
from bot.records import Answer
from bot.safety.danger import SafetyFinding, SafetyResult
from bot.statuses import AnswerStatus


def look_for_danger(context: Context, tools: Tools) -> Context:
    """Set ``seen``, checking in the language of the message."""
    began = perf_counter()
    seen = _seen_in_english(context, tools) if context.language is None else tools.foreign.look(context.message)
    danger = seen.danger
    kind, score, patterns = (danger.kind, danger.score, danger.patterns) if danger else (None, 0.0, ())
    context.recorder.safety(kind, score, patterns, began, is_near=seen.is_near)
    return replace(context, seen=seen)


def refer(context: Context, tools: Tools) -> Context:
    """Reply with whom to call, to a message in danger or one that asks for the numbers."""
    danger = context.danger if _is_urgent(context.danger) else None
    if context.language is None and says(context.message, "numbers"):
        return context.with_answer(_numbers(danger, context, tools))
    if danger is None:
        return context
    answer = _referred(danger, context.country, tools)
    text = in_language(context.language, danger.kind) if context.language is not None else None
    return context.with_answer(replace(answer, message=text or answer.message))


def _seen_in_english(context: Context, tools: Tools) -> SafetyResult:
    """Return the danger in a message; after a card, if the writer says that all are safe, only patterns count."""
    seen = tools.watch.look(context.message, tools.answerer.vectors_of)
    if _is_urgent(seen.danger) and denies_danger(context.message, context.history):
        return replace(tools.watch.look_for_patterns(context.message), is_near=True)
    return seen


def _is_urgent(danger: SafetyFinding | None) -> bool:
    return danger is not None and danger.kind != "personal"


def _numbers(danger: SafetyFinding | None, context: Context, tools: Tools) -> Answer:
    """Return whom to call in an emergency and in a crisis, what fits the message first."""
    country = context.country
    if danger is None:
        answer = tools.say(AnswerStatus.NUMBERS, said("numbers"), context.history)
        return replace(answer, notices=tuple(to_call(kind, country) for kind in URGENT_KINDS))
    answer = _referred(danger, country, tools)
    others = (to_call(kind, country) for kind in URGENT_KINDS if kind != danger.kind)
    return replace(answer, notices=(*answer.notices, *others))


def _referred(danger: SafetyFinding, country: str, tools: Tools) -> Answer:
    kind: UrgentKind = "emergency" if danger.kind == "emergency" else "crisis"
    status = AnswerStatus.EMERGENCY if kind == "emergency" else AnswerStatus.CRISIS
    return replace(tools.say(status, said(kind)), notices=(to_call(kind, country, danger.patterns),))
