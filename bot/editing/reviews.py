"""Check what a source says of itself: when it was last changed, and who reviewed it and when.

Families read both, so "reviewed" must mean that a named person did it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reading.reviewing import changed_since_review, is_reviewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile


def check_review(file: SourceFile) -> Iterator[Finding]:
    """Yield an explainer or a script without a date, and a review without a name or a date."""
    given = file.card.fields.values
    name, day = given.get("reviewed_by"), given.get("reviewed_on")
    if name is not None and not is_reviewer(str(name)):
        cure = "Write that day as `updated_on:`, and take out reviewed_on and reviewed_by."
        yield file.in_card("review", f"reviewed_by is {name!r}, which is nobody", cure, field="reviewed_by")
    elif day is not None and name is None:
        cure = "Name in `reviewed_by:` who reviewed it, or write the day as `updated_on:`."
        yield file.in_card("review", "reviewed_on is there, and nobody is named", cure, field="reviewed_on")
    elif name is not None and day is None:
        cure = "Write the day of the review as `reviewed_on:`, or take the name out."
        yield file.in_card("review", f"{name} has reviewed it on no day", cure, field="reviewed_by")
    elif name is not None:
        yield from _since(file)
    if (file.source.kind == "explainer" or file.is_script) and not (given.get("updated_on") or day):
        cure = "Write the day of the last change as `updated_on: YYYY-MM-DD`."
        yield file.in_card("review", "there is no day of the last change", cure)


def _since(file: SourceFile) -> Iterator[Finding]:
    """Yield whatever keeps a review from covering the text as it is now."""
    source = file.source
    if source.reviewed_sha256 is None:
        cure = f"Record the review with `python -m bot review {source.id} --by NAME --on DATE`."
        found = f"nobody wrote down which text {source.reviewed_by} reviewed"
        yield file.in_card("review", found, cure, field="reviewed_by", severity="warning")
    elif changed_since_review(source):
        found = f"it was changed since {source.reviewed_by} reviewed it on {source.reviewed_on}, and pages say so"
        cure = f"Have it read again: `python -m bot review-sheet {source.id}`."
        yield file.in_card("review", found, cure, field="reviewed_sha256", severity="warning")
