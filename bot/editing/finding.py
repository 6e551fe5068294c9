"""Define the records of this package: a finding, the reading level of a section, and the report on all."""

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
    """Something to mend, in words that end without a period; ``line`` counts from 1.

    An ``error`` breaks a rule of the corpus; a ``warning`` leaves the decision to an editor.
    """

    path: str
    line: int
    rule: Rule
    found: str
    cure: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class SectionGrade:
    """The US school grade of a section; ``heading`` is empty for an introduction and for a talk without headings."""

    heading: str
    span: Span
    grade: float
    is_introduction: bool


@dataclass(frozen=True, slots=True)
class Report:
    """All findings by path and line, and the corpus in numbers.

    ``words`` counts the quotable words of explainers. The grades cover all sections that editors wrote, without
    introductions; they are ``None`` if there are no such sections.
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
        """Return how many findings are errors."""
        return sum(finding.severity == "error" for finding in self.findings)
