"""Find sentences with a figure or a dated claim, and the references that their footnote marks name.

A family or a clinician who doubts a number must be able to find its source. A mark on the last sentence below a
heading, or on the last of a speaker's turn, covers everything before it there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.reading.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.editing.finding import Finding
    from bot.editing.sourcefile import SourceFile
    from bot.records import Source, Span

_COUNT = r"(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine)"
_WHOLE = (
    r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|(?:a |one )?(?:hundred|thousand|million))"
)
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_FIGURE = re.compile(
    r"\b\d[\d,.]*\s?(?:%|percent\b|per cent\b)"
    rf"|\b{_COUNT} (?:in|out of) (?:every |each )?{_WHOLE}\b"
    r"|\b\d[\d,]* of (?:the |every )?\d[\d,]*\b"
    r"|[$€£]\s?\d|\b\d[\d,.]* (?:(?:million|billion) )?(?:us )?(?:dollars|euros|pounds sterling)\b"
    rf"|\b(?:in|since|by|until|from|before|after|during|early|late|mid|{_MONTH}),? (?:19|20)\d\d\b",
    re.IGNORECASE,
)
_SHOWN_CHARS = 70


class Claim(NamedTuple):
    """A sentence with its claim, and the numbers of the references that support it."""

    span: Span
    figure: str
    references: tuple[int, ...]


def check_figures(file: SourceFile) -> Iterator[Finding]:
    """Yield sentences of explainers and scripts that have a figure or a dated claim and name no reference."""
    if file.source.kind != "explainer" and not file.is_script:
        return
    for claim in claims_in(file.source):
        if not claim.references:
            found = f"“{claim.figure}” names no reference: {shown(file.source.text[slice(*claim.span)])}"
            cure = "Write the number of its reference behind the sentence, such as [^1]."
            yield file.in_words("figures", found, cure, at=claim.span[0])


def claims_in(source: Source) -> Iterator[Claim]:
    """Yield the sentences that have a figure or a dated claim, in the order of the text; questions claim nothing."""
    scopes = [turn.span for turn in source.turns] or [section.span for section in source.sections]
    for start, end in sentence_spans(source.text):
        sentence = source.text[start:end]
        figure = _FIGURE.search(sentence)
        if figure and not sentence.rstrip("\"”')").endswith("?"):
            ends = [scope[1] for scope in scopes if scope[0] <= start < scope[1]]
            numbers = [one.number for one in source.citations if start < one.at <= end or one.at in ends]
            yield Claim((start, end), figure.group(), tuple(dict.fromkeys(numbers)))


def shown(sentence: str) -> str:
    """Return the beginning of a sentence, enough to find it by."""
    return f"“{sentence[:_SHOWN_CHARS]}{'…' if len(sentence) > _SHOWN_CHARS else ''}”"
