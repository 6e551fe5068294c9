"""Put first the candidates whose author wrote the question itself as their heading.

Two questions that differ only in a "not" are opposites with nearly the same vector, so this compares words. Knows
nothing of how sure a candidate is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.indexing.lexical import terms_of

if TYPE_CHECKING:
    from bot.answering.judge import ScoredCandidate

_WORD = re.compile(r"[^\W_]+")
_SHORT = (
    (re.compile(r"\b(?:can['’]?t|cannot)\b", re.I), "can not"),
    (re.compile(r"\bwon['’]t\b", re.I), "will not"),
    (re.compile(r"(?<=\w)n['’]t\b", re.I), " not"),
)
_NEGATIONS = frozenset(["not", "never"])
_TIERS = ("sure", "near", "none")


def by_heading(judged: Sequence[ScoredCandidate], asked: str) -> tuple[ScoredCandidate, ...]:
    """Reorder candidates: one headed by the question is sure and comes first, one headed by its opposite is not sure.

    :param judged: best first.
    :param asked: as typed; "what about us?" has too few terms to promote anything.
    :returns: best first, otherwise in the same order; none is promoted if two sources have that heading.
    """
    heads = [_headed(asked, one.passage.headings) for one in judged]
    told = [replace(one, tier="near") if head == "contrary" else one for one, head in zip(judged, heads, strict=True)]
    own = [place for place, head in enumerate(heads) if head == "same"]
    if len(terms_of(asked)) > 1 and len({judged[place].source.id for place in own}) == 1:
        for place in own:
            told[place] = replace(told[place], tier="sure")
    else:
        own = []
    order = sorted(range(len(told)), key=lambda place: (_TIERS.index(told[place].tier), place not in own))
    return tuple(told[place] for place in order)


def _headed(asked: str, headings: Sequence[str]) -> Literal["same", "contrary", "other"]:
    """Compare a question with the heading of its section, if that heading is a question."""
    if not headings or not headings[-1].endswith("?"):
        return "other"
    (words, denies), (others, they_deny) = _read(asked), _read(headings[-1])
    if words != others:
        return "other"
    return "same" if denies == they_deny else "contrary"


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a question without its negations, and whether it had any."""
    for short, long in _SHORT:
        text = short.sub(long, text)
    words = _WORD.findall(text.casefold())
    kept = tuple(word for word in words if word not in _NEGATIONS)
    return kept, len(kept) < len(words)
