"""Find where the corpus has gaps, idle sections, and sections that compete, from a set of questions.

For editors: a question that finds nothing needs a text, a section that never answers needs other words or fewer of
them, and two sections that answer the same questions need to be distinguished or merged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.answering.answer import Answerer
from bot.answering.judge import Looked, ScoredCandidate
from bot.measuring.gold import GoldQuestion
from bot.records import Passage
from bot.statuses import AnswerStatus

# A second section competes when its score is this close to the first's: nine questions to two sections that say the
# same put these .02 to .07 apart, and the next section .17 or more.
_NEAR = 0.08
_LEAST_SHARED = 2


@dataclass(frozen=True, slots=True)
class SectionName:
    """A section by its source's id and the headings above it, joined; empty for text before the first heading."""

    source: str
    headings: str


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A question that finds nothing, with the nearest section and its confidence."""

    question: str
    text: str
    nearest: SectionName | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Competition:
    """Two sections whose scores are close for the same questions."""

    one: SectionName
    other: SectionName
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the questions show about the corpus.

    ``gaps`` are in the order of the questions, ``idle`` in that of the corpus; ``competing`` begins with the pair that
    shares most questions.
    """

    asked: int
    gaps: tuple[CoverageGap, ...]
    idle: tuple[SectionName, ...]
    competing: tuple[Competition, ...]


def cover(
    answerer: Answerer, questions: Iterable[GoldQuestion], progress: Callable[[int], None] = lambda done: None
) -> Coverage:
    """Return what a set of questions shows about the corpus of a Build."""
    gaps: list[CoverageGap] = []
    answering: Counter[SectionName] = Counter()
    shared: dict[tuple[SectionName, SectionName], list[str]] = defaultdict(list)
    asked = 0
    for asked, question in enumerate(questions, start=1):
        found = answerer.retrieve(question.text)
        looked, judged = found.looked, found.looked.judged
        if answerer.compose(found).status == AnswerStatus.ANSWERED and judged:
            answering[_section(judged[0].passage)] += 1
            for other in _competitors(looked):
                shared[_pair(_section(judged[0].passage), other)].append(question.id)
        else:
            gaps.append(_gap(question, judged))
        progress(asked)
    competing = (Competition(*pair, tuple(ids)) for pair, ids in shared.items() if len(ids) >= _LEAST_SHARED)
    return Coverage(
        asked=asked,
        gaps=tuple(gaps),
        idle=tuple(name for name in _sections(answerer.passages()) if name not in answering),
        competing=tuple(sorted(competing, key=lambda entry: -len(entry.questions))),
    )


def _gap(question: GoldQuestion, judged: tuple[ScoredCandidate, ...]) -> CoverageGap:
    nearest = _section(judged[0].passage) if judged else None
    return CoverageGap(question.id, question.text, nearest, round(judged[0].confidence, 4) if judged else 0.0)


def _competitors(looked: Looked) -> list[SectionName]:
    """Return the other sections whose score is close to the first's, each once."""
    first, *others = looked.judged
    score = looked.candidates.score
    near = (entry for entry in others if abs(score[entry.position] - score[first.position]) <= _NEAR)
    names = dict.fromkeys(_section(entry.passage) for entry in near)
    return [name for name in names if name != _section(first.passage)]


def _pair(one: SectionName, other: SectionName) -> tuple[SectionName, SectionName]:
    first, second = sorted((one, other), key=lambda name: (name.source, name.headings))
    return first, second


def _sections(passages: Iterable[Passage]) -> list[SectionName]:
    return list(dict.fromkeys(_section(passage) for passage in passages))


def _section(passage: Passage) -> SectionName:
    return SectionName(passage.source_id, " > ".join(passage.headings))
