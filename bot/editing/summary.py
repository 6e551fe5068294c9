"""Choose the part of a Report that was asked for, and say in a few lines where to begin."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.editing.limits import FILES_SUMMED
from bot.reading.interview import CARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.editing.finding import Report


def chosen(report: Report, files: Sequence[Path], *, errors_only: bool) -> Report:
    """Return a report with the findings that were asked for, in order; its counts still cover the whole corpus.

    :param files: files and folders of the corpus; none for all.
    """
    wanted = [_place_of(file) for file in files]
    findings = (one for one in report.findings if one.severity == "error" or not errors_only)
    return replace(report, findings=tuple(one for one in findings if not wanted or _is_in(one.path, wanted)))


def summary(report: Report, whole: Report) -> Iterator[str]:
    """Yield a report in short: the files with errors, the rules that warn, and the corpus in numbers."""
    errors = Counter(one.path for one in report.findings if one.severity == "error")
    for path, count in errors.most_common(FILES_SUMMED):
        yield f"{path}: {_counted(count, 'error')}"
    if len(errors) > FILES_SUMMED:
        yield f"and {_counted(len(errors) - FILES_SUMMED, 'file')} more with errors"
    warnings = Counter(one.rule for one in report.findings if one.severity == "warning")
    if warnings:
        yield "warnings by rule: " + ", ".join(f"{rule} {count}" for rule, count in warnings.most_common())
    elsewhere = len(whole.findings) - len(report.findings)
    if elsewhere:
        yield f"{_counted(elsewhere, 'finding')} not shown, {whole.errors - report.errors} of them errors"
    yield _numbers(report)


def _numbers(report: Report) -> str:
    graded = f"median grade {report.median_grade}, highest {report.highest_grade}" if report.sections else "no grades"
    return (
        f"{report.sources} sources, {report.explainers} of them explainers with {report.words:,} words; "
        f"{report.sections} sections, {graded}; "
        f"{report.errors} errors, {len(report.findings) - report.errors} warnings"
    )


def _place_of(file: Path) -> Path:
    """Return a file, or for one that belongs to an interview, its folder."""
    path = file.resolve()
    return path.parent if path.is_file() and (path.parent / CARD).is_file() else path


def _is_in(path: str, wanted: Sequence[Path]) -> bool:
    return any(Path(path).resolve().is_relative_to(place) for place in wanted)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
