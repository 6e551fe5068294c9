"""Check every source against every rule of this package, and report by path and line.

A file that cannot be read is a finding, and the others are still checked.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bot.editing.duplicates import check_repeated_passages
from bot.editing.figures import check_figures
from bot.editing.finding import Finding, Report
from bot.editing.footnotes import check_footnotes
from bot.editing.formulas import check_formulas
from bot.editing.links import check_infographic, check_links, check_related
from bot.editing.phrases import check_phrases
from bot.editing.readability import check_reading_level, section_grades
from bot.editing.references import check_names_of_pages, check_references
from bot.editing.reviews import check_review
from bot.editing.schema import check_dates, check_front_matter
from bot.editing.sections import check_length, check_sections
from bot.editing.sourcefile import is_written_here, source_file
from bot.editing.subjects import check_subjects
from bot.editing.terms import check_glossary, check_terms
from bot.editing.transcripts import check_script, check_times
from bot.editing.unfinished import check_unfinished
from bot.errors import CorpusErrors
from bot.reading.corpus import BEIR_FILE, read_corpus
from bot.reading.interview import CARD
from bot.reading.textfile import is_left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from bot.editing.finding import SectionGrade
    from bot.editing.sourcefile import SourceFile
    from bot.errors import CorpusError
    from bot.records import Source


def check_corpus(paths: Sequence[Path], *, today: date) -> Report:
    """Return everything that should be mended in a corpus.

    :param paths: its files and folders; links between sources are resolved across all of them.
    """
    sources, unreadable = _read(paths)
    files = [source_file(source) for source in sources if is_written_here(source)]
    grades = [section_grades(file) for file in files]
    findings = chain(
        map(_as_finding, unreadable),
        _in_each(files, today),
        *map(check_reading_level, files, grades),
        _among(files, sources),
    )
    return _report(tuple(sorted(findings, key=lambda one: (one.path, one.line, one.rule, one.found))), files, grades)


def _in_each(files: Sequence[SourceFile], today: date) -> Iterator[Finding]:
    rules: tuple[Callable[[SourceFile], Iterable[Finding]], ...] = (
        check_front_matter,
        check_review,
        partial(check_dates, today=today),
        check_sections,
        check_length,
        check_terms,
        check_references,
        check_footnotes,
        check_figures,
        check_infographic,
        check_phrases,
        check_subjects,
        check_times,
        check_script,
        check_unfinished,
    )
    return (finding for file in files for rule in rules for finding in rule(file))


def _among(files: Sequence[SourceFile], sources: Sequence[Source]) -> Iterator[Finding]:
    yield from check_related(files, sources)
    yield from check_links(files, sources)
    yield from check_glossary(files)
    yield from check_names_of_pages(files)
    yield from check_repeated_passages(files)
    yield from check_formulas(files)


def _report(
    findings: tuple[Finding, ...], files: Sequence[SourceFile], grades: Sequence[Sequence[SectionGrade]]
) -> Report:
    explainers = [file for file in files if file.source.kind == "explainer"]
    numbers = [section.grade for sections in grades for section in sections if not section.is_introduction]
    return Report(
        findings=findings,
        sources=len(files),
        explainers=len(explainers),
        sections=len(numbers),
        words=sum(len(file.source.text.split()) for file in explainers),
        median_grade=median(numbers) if numbers else None,
        highest_grade=max(numbers) if numbers else None,
    )


def _as_finding(error: CorpusError) -> Finding:
    return Finding(error.path, error.line or 1, "unreadable", error.found, error.remedy)


def _read(paths: Sequence[Path]) -> tuple[list[Source], list[CorpusError]]:
    """Return the sources that can be read, and every error in the others."""
    try:
        return read_corpus(paths), []
    except CorpusErrors as error:
        return [source for path in paths for source in _readable(path)], list(error.errors)


def _readable(path: Path) -> list[Source]:
    """Return the sources below a path that can be read, whatever stands beside them."""
    try:
        return read_corpus([path])
    except CorpusErrors:
        # A link to a folder above would loop forever; files beside a card or a collection belong to it.
        if not path.is_dir() or path.is_symlink() or any((path / name).exists() for name in (CARD, BEIR_FILE)):
            return []
        inside = sorted(entry for entry in path.iterdir() if not is_left_out(entry))
        return [source for entry in inside for source in _readable(entry)]
