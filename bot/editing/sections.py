"""Check the sections of an explainer: that the required ones are there in order, and their total length.

Families and answers look for the parts of a page by these headings, so their words are fixed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.editing.limits import EXPLAINER_WORDS, FURTHER_SECTIONS, REQUIRED_SECTIONS, SCRIPT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile


def check_sections(file: SourceFile) -> Iterator[Finding]:
    """Yield required sections that are missing or out of order, and an unusual number of further ones."""
    if file.source.kind != "explainer":
        return
    found = list(dict.fromkeys(section.headings[0] for section in file.source.sections if section.headings))
    for name in REQUIRED_SECTIONS:
        if name not in found:
            cure = f"Write `## {name}` with at least one paragraph below it."
            yield file.in_card("sections", f"there is no section {name!r}", cure)
    kept = [name for name in found if name in REQUIRED_SECTIONS]
    if found[: len(kept)] != [name for name in REQUIRED_SECTIONS if name in kept]:
        cure = f"Put them first, in this order: {', '.join(REQUIRED_SECTIONS)}."
        yield file.in_card("sections", "the sections that every explainer has are out of order", cure)
    least, most = FURTHER_SECTIONS
    further = len(found) - len(kept)
    if not least <= further <= most:
        cure = f"Have {least} to {most} that a family would look for, such as 'Questions to ask'."
        yield file.in_card("sections", f"there are {further} further sections", cure, severity="warning")


def check_length(file: SourceFile) -> Iterator[Finding]:
    """Yield explainers and illustrative scripts that are too short or too long."""
    if file.source.kind == "explainer":
        least, most = EXPLAINER_WORDS
    elif file.is_script:
        least, most = SCRIPT_WORDS
    else:
        return
    words = _words_of(file)
    if not least <= words <= most:
        cure = "Write more of what families ask." if words < least else "Cut it, or make two of it."
        yield file.in_card("length", f"{words} words, where {least} to {most} are asked for", cure)


def _words_of(file: SourceFile) -> int:
    """Return how many words stand below the headings of a page, or are said in a talk."""
    source = file.source
    spans = [turn.span for turn in source.turns] or [part.span for part in source.sections if part.headings]
    return sum(len(source.text[start:end].split()) for start, end in spans)
