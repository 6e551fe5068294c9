"""Measure the reading level of a section: the Flesch-Kincaid grade, which textstat computes from syllables.

Only what editors wrote is measured, because nobody may change the words of a recording. textstat takes every period for
the end of a sentence, so it is given our own sentences, each with one. Must not be imported where a Build is served.
"""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING

from bot.editing.finding import SectionGrade
from bot.editing.limits import HIGHEST_GRADE, MEDIAN_GRADE, SENTENCES_SHOWN
from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding, Severity
    from bot.editing.sourcefile import SourceFile

_ENDS = re.compile(r"[.!?]")
_SHOWN_CHARS = 70


def section_grades(file: SourceFile) -> list[SectionGrade]:
    """Return the grade of each section of an explainer or a script, in order; nothing for other sources."""
    if file.source.kind != "explainer" and not file.is_script:
        return []
    return [
        SectionGrade(
            heading=section.headings[-1] if section.headings else "",
            span=section.span,
            grade=round(grade_of(file.source.text[slice(*section.span)]), 1),
            is_introduction=not section.headings and not file.source.turns,
        )
        for section in file.source.sections
    ]


def grade_of(text: str) -> float:
    """Return the US school grade needed to read a text.

    :param text: plain text; a line is at least one sentence.
    :returns: .39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid et al. 1975, doi.org/10.21236/ADA006655).
    """
    import textstat

    sentences = (_ENDS.sub("", text[start:end]).strip() for start, end in sentence_spans(text))
    return float(textstat.flesch_kincaid_grade(" ".join(f"{sentence}." for sentence in sentences)))


def check_reading_level(file: SourceFile, grades: list[SectionGrade]) -> Iterator[Finding]:
    """Yield sections above the highest grade, and a source whose median is above the target."""
    for section in grades:
        if section.grade > HIGHEST_GRADE:
            found = f"{_named(section)} is at grade {section.grade}, above {HIGHEST_GRADE:g}"
            cure = f"Split its longest sentences or take shorter words: {_longest(file, section)}."
            # The formula is less reliable for an introduction, which has two sentences at most.
            severity: Severity = "warning" if section.is_introduction else "error"
            yield file.in_words("reading-level", found, cure, at=section.span[0], severity=severity)
    parts = [section for section in grades if not section.is_introduction]
    middle = median(section.grade for section in parts) if parts else 0.0
    if middle > MEDIAN_GRADE:
        hardest = max(parts, key=lambda section: section.grade)
        found = f"the median of its sections is grade {middle:.1f}, above {MEDIAN_GRADE:g}"
        cure = f"Begin with {_named(hardest)}, at grade {hardest.grade}."
        yield file.in_card("reading-level", found, cure, severity="warning")


def _named(section: SectionGrade) -> str:
    if section.is_introduction:
        return "the introduction"
    return f"section {section.heading!r}" if section.heading else "the talk"


def _longest(file: SourceFile, section: SectionGrade) -> str:
    """Return the longest sentences of a section with their lengths."""
    text = file.source.text[slice(*section.span)]
    sentences = sorted((text[slice(*span)] for span in sentence_spans(text)), key=lambda words: -len(words.split()))
    shown = ((len(words.split()), words[:_SHOWN_CHARS]) for words in sentences[:SENTENCES_SHOWN])
    return "; ".join(f"{count} words in “{words}…”" for count, words in shown)
