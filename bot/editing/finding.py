"""The records of this room: something to mend, the reading level of a section, and the sum of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.records import Span

Severity = Literal["error", "warning"]
# Each is a heading of docs/checking.md.
Rule = Literal[
    "dates",
    "duplicates",
    "figures",
    "footnotes",
    "formulas",
    "front-matter",
    "illustrative",
    "infographic",
    "length",
    "links",
    "phrases",
    "reading-level",
    "references",
    "related",
    "review",
    "sections",
    "subject",
    "terms",
    "transcript-times",
    "unfinished",
    "unreadable",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend, in words that end without a point. ``line`` counts from 1.

    An ``error`` breaks a rule of the corpus; a ``warning`` is for an editor to look at and to decide.
    """

    path: str
    line: int
    rule: Rule
    found: str
    cure: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class SectionGrade:
    """The US school grade of a section; ``heading`` is empty for a page's introduction and for a talk without any."""

    heading: str
    span: Span
    grade: float
    is_introduction: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All findings by path and line, and the corpus in numbers.

    ``words`` are those of explainers that can be quoted. The grades are over all sections that editors wrote, without
    introductions, and ``None`` where there are none.
    """

    findings: tuple[Finding, ...]
    sources: int
    explainers: int
    sections: int
    words: int
    median_grade: float | None
    highest_grade: float | None

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)
