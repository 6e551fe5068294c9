"""Make snippet ids, and prove a snippet again from its id.

An id has the form ``SOURCE@SHA256:START-END``. The claim holds if the source's text still has that hash. Knows nothing
of how snippets are chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bot.reading.links import deep_link, section_at
from bot.reading.reviewing import changed_since_review
from bot.records import Sentence, SnippetSource, Source, Span, SpokenTurn

_SNIPPET_ID = re.compile(
    r"(?P<source>.+)@(?P<sha256>[0-9a-f]{64}):(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class SnippetClaim:
    """What a snippet id claims: these characters of a source whose text has this hash."""

    source_id: str
    sha256: str
    span: Span


def snippet_id(source: SnippetSource) -> str:
    """Return the id by which a snippet can be proven again."""
    return f"{source.id}@{source.sha256}:{source.span[0]}-{source.span[1]}"


def read_snippet_id(text: str) -> SnippetClaim | None:
    """Return the claim that an id makes, ``None`` if it is not a snippet id."""
    match = _SNIPPET_ID.fullmatch(text)
    if match is None:
        return None
    return SnippetClaim(match["source"], match["sha256"], (int(match["start"]), int(match["end"])))


def why_not_proven(claim: SnippetClaim, source: Source | None) -> str | None:
    """Return ``None`` if the claim holds, else ``withdrawn``, ``changed`` or ``out_of_range``."""
    if source is None:
        return "withdrawn"
    if source.text_sha256 != claim.sha256:
        return "changed"
    start, end = claim.span
    return None if 0 <= start < end <= len(source.text) else "out_of_range"


def proven_source(claim: SnippetClaim, source: Source) -> SnippetSource:
    """Return the origin of a proven claim, as an answer names it."""
    position = claim.span[0]
    section, turn = section_at(source, position), _turn_at(source, position)
    sentence = Sentence(claim.span, turn.speaker if turn else None, _time_at(source, position))
    return SnippetSource(
        id=source.id,
        kind=source.kind,
        title=source.title,
        section=section.headings[-1] if section and section.headings else None,
        url=deep_link(source, sentence),
        speaker=sentence.speaker,
        start_s=sentence.start_s,
        reviewed_on=source.reviewed_on,
        span=claim.span,
        sha256=claim.sha256,
        reviewed_by=source.reviewed_by,
        updated_on=source.updated_on,
        changed_since_review=changed_since_review(source),
    )


def _turn_at(source: Source, position: int) -> SpokenTurn | None:
    return next((turn for turn in source.turns if turn.span[0] <= position < turn.span[1]), None)


def _time_at(source: Source, position: int) -> float | None:
    """Return the time of the last mark at or before the position."""
    index = bisect_right(source.time_marks, position, key=lambda mark: mark.at)
    return source.time_marks[index - 1].start_s if index else None
