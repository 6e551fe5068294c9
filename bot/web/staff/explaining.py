"""Explain how an answer came about in one sentence, and what was left out and why, in words.

The text has no numbers; they are behind "Details".
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.trace import AnswerTrace, Candidate, LookedUp
from bot.statuses import AnswerStatus, StatusFamily
from bot.web.staff.blueprint import staff
from bot.web.staff.labels import called
from bot.web.staff.presentation import as_typed

_SHOWN = 4
_WHY_NOT = {
    "below_floor": "it was not sure enough that this answers",
    "not_mentioned": "it does not mention {missing}",
    "far_behind": "another fits far better",
    "same_source": "its source is quoted already",
    "enough": "enough was quoted",
    "same_text": "it says the same again",
    "quoted_before": "it was quoted before",
    "unused": "it would fit, and was not needed",
}


def in_one_sentence(status: str, why: AnswerTrace) -> str:
    """Return why an answer is what it is."""
    if why.safety is not None and why.safety.kind is not None and StatusFamily.REFERRED.has(status):
        kind = called(why.safety.kind, "danger")
        return f"It was read as {kind}, so help came first and nothing was looked up instead."
    given = next((one for one in why.approved if one.is_given), None)
    if given is not None:
        return f"Staff approved an answer to “{given.wording}”, and this asks the same."
    if not why.looked:
        return "It was answered before anything was looked up."
    return _of_look(status, why.looked[-1])


def left_out(look: LookedUp) -> Iterator[tuple[Candidate, str]]:
    """Yield the nearest passages that were not quoted, each with the reason."""
    for one in [one for one in look.candidates if one.outcome != "taken"][:_SHOWN]:
        if one.tier == "near" and one.outcome == "below_floor":
            yield one, "it may hold the answer, and was not sure enough"
        else:
            yield one, _WHY_NOT[one.outcome].format(missing=_names(one, look))


def _of_look(status: str, look: LookedUp) -> str:
    taken = [one for one in look.candidates if one.outcome == "taken"]
    if taken:
        titles = list(dict.fromkeys(f"“{one.title}”" for one in taken))
        answers = f"{' and '.join(titles)} {'answer' if len(titles) > 1 else 'answers'} it"
        return f"{answers}: it was sure enough of that to quote."
    if not look.candidates:
        return "Nothing in the corpus comes near what was asked."
    nearest = look.candidates[0]
    if status == AnswerStatus.NEAR:
        return f"Nothing was surely the answer, so “{nearest.title}” and its like were offered as what may hold it."
    lacking = [one for one in look.candidates if one.outcome == "not_mentioned"]
    if lacking:
        return f"No passage mentions {_names(lacking[0], look)}; the nearest is “{nearest.title}”."
    return f"No passage answers it surely enough; the nearest is “{nearest.title}”."


def _names(one: Candidate, look: LookedUp) -> str:
    return ", ".join(f"“{name}”" for name in as_typed(one.missing, look.text)) or "what was named"


@staff.context_processor
def explaining() -> dict[str, object]:
    """Return the functions that templates may call."""
    return {"in_one_sentence": in_one_sentence, "left_out": left_out}
