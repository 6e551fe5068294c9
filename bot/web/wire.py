"""Define the JSON shapes of an Answer, Hits and problems over HTTP, in this field order.

Both the bytes and the OpenAPI document are made from these structs, so that the two cannot diverge; their docstrings
are published in it. Positions (``highlights``, ``span``) count Unicode code points, not UTF-16 units: a JavaScript
reader must cut ``Array.from(text)``. Knows nothing of requests.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from bot import records
from bot.reading.reviewing import dates_of
from bot.storage.stored_answer import fields_of
from bot.web.dating import is_outdated
from bot.web.proof import snippet_id
from bot.web.sensitive import SensitiveTopic, sensitive_topic

MOST_NEAR = 3
_CONFIDENCE_DIGITS = 4
_SCORE_DIGITS = 6
# Single words of the question, marked wherever they occur, draw the eye away from the answer.
_LEAST_MARKED = 3

Span = Annotated[tuple[int, int], Meta(description="Start and end in code points, half open.")]
Link = Annotated[str, Meta(description="A URI reference, relative to this service when it has no scheme.")]
Kind = records.SourceKind


class SnippetSource(msgspec.Struct, frozen=True):
    """Where a snippet comes from; sha256 is the hash of the source's whole text in UTF-8, in which span lies.

    reviewed_on and reviewed_by are null where no clinician has reviewed it; updated_on is the day of its last change;
    changed_since_review says that it says something else now than what was reviewed.
    outdated says that neither was within the last year.
    """

    id: str
    kind: Kind
    title: str
    section: str | None
    url: Link
    speaker: str | None
    start_s: float | None
    reviewed_on: str | None
    span: Span
    sha256: str
    outdated: bool
    # Answers stored earlier lack these.
    reviewed_by: str | None = None
    updated_on: str | None = None
    changed_since_review: bool = False


class Snippet(msgspec.Struct, frozen=True):
    """One to three sentences, word for word; id can be proven again by /api/v1/verify.

    sensitive names what the text is about where a family should choose whether to read it; show it after a tap.
    """

    text: str
    highlights: list[Span]
    source: SnippetSource
    id: str
    sensitive: SensitiveTopic | None


class Term(msgspec.Struct, frozen=True):
    """A hard word of the answer with its definition."""

    term: str
    definition: str


class Related(msgspec.Struct, frozen=True):
    """Something to read or watch next."""

    kind: Kind
    title: str
    url: Link


class Action(msgspec.Struct, frozen=True):
    """A link that a notice offers, such as tel:911; why says what it is and when to use it."""

    label: str
    href: str
    # Answers stored earlier lack this one.
    why: str | None = None


class Notice(msgspec.Struct, frozen=True):
    """A sentence of the service beside an answer, such as a spelling correction."""

    kind: str
    text: str
    actions: list[Action]


class Answer(msgspec.Struct, frozen=True):
    """What a family gets. "Nothing found" is a status here, never an error.

    near has up to three passages that may hold the answer; show them as "not sure". With the status unanswered_near
    there is nothing else; below snippets they are for whom those do not answer.
    """

    conversation_id: str
    turn_id: str
    feedback_token: str
    build: str
    status: Annotated[
        str, Meta(description="answered, or begins with clarify_, unanswered_, referred_ or smalltalk_", min_length=1)
    ]
    message: str | None
    confidence: Annotated[float, Meta(ge=0, le=1)]
    snippets: list[Snippet]
    near: Annotated[list[Snippet], Meta(max_length=MOST_NEAR)]
    terms: list[Term]
    suggestions: list[str]
    related: list[Related]
    notices: list[Notice]


class Hit(msgspec.Struct, frozen=True):
    """A passage found, best first; score orders them and is not a probability."""

    id: str
    source_id: str
    kind: Kind
    title: str
    headings: list[str]
    url: Link
    text: str
    span: Span
    speaker: str | None
    start_s: float | None
    score: float
    signals: dict[str, float]


class Hits(msgspec.Struct, frozen=True):
    """The passages found by the Build named."""

    build: str
    hits: list[Hit]


class Suggestions(msgspec.Struct, frozen=True):
    """First questions to offer on a site."""

    site: str
    suggestions: list[str]


class ChatToken(msgspec.Struct, frozen=True):
    """A fresh token for the header X-Chat-Token, and for how many seconds it is taken."""

    token: str
    expires_in_s: int


class Proof(msgspec.Struct, frozen=True):
    """Whether a snippet stands, word for word, in the text with that hash; text and source only if it does.

    current says whether that text is the one that answers now; reason is changed, withdrawn or out_of_range.
    """

    snippet: str
    verified: bool
    current: bool
    reason: str | None
    build: str
    text: str | None
    source: SnippetSource | None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details with a stable code; turn_id helps us to find a fault of ours.

    Where nothing can be answered (429, 500, 503), contact_url is where a person can be reached and notices say whom to
    call.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    turn_id: str | None = None
    contact_url: str | None = None
    notices: list[Notice] | None = None


def answer_on_wire(
    answer: records.Answer, *, conversation_id: str, turn_id: str, feedback_token: str, base_url: str = ""
) -> Answer:
    """Return the Answer as it is sent; our own links get ``base_url`` in front."""
    return Answer(
        conversation_id=conversation_id,
        turn_id=turn_id,
        feedback_token=feedback_token,
        build=answer.build,
        status=str(answer.status),
        message=None if answer.message is None else str(answer.message),
        confidence=round(float(answer.confidence), _CONFIDENCE_DIGITS),
        snippets=[_snippet(snippet, base_url) for snippet in answer.snippets],
        near=[_snippet(snippet, base_url) for snippet in answer.near[:MOST_NEAR]],
        terms=[Term(term.term, term.definition) for term in answer.terms],
        suggestions=list(answer.suggestions),
        related=[Related(item.kind, item.title, absolute(item.url, base_url)) for item in answer.related],
        notices=[_notice(notice) for notice in answer.notices],
    )


def kept_before(kept: str, feedback_token: str) -> Answer:
    """Return the Answer that was sent before, from what was stored of it.

    :raises ValidationError: where fields are missing
    """
    # Where fields are missing this raises ValidationError.
    return msgspec.convert({**fields_of(kept), "feedback_token": feedback_token}, Answer)


def hit_on_wire(hit: records.Hit, base_url: str = "") -> Hit:
    """Return the Hit as it is sent."""
    passage = hit.passage
    return Hit(
        id=passage.id,
        source_id=passage.source_id,
        kind=passage.source_kind,
        title=passage.source_title,
        headings=list(passage.headings),
        url=absolute(passage.url, base_url),
        text=passage.text,
        span=passage.span,
        speaker=passage.speaker,
        start_s=passage.start_s,
        score=round(float(hit.score), _SCORE_DIGITS),
        signals={name: round(float(value), _SCORE_DIGITS) for name, value in hit.signals.items()},
    )


def source_on_wire(source: records.SnippetSource, base_url: str = "") -> SnippetSource:
    """Return the origin of a snippet as it is sent."""
    dates = dates_of(source.updated_on, source.reviewed_on, source.reviewed_by)
    return SnippetSource(
        id=source.id,
        kind=source.kind,
        title=source.title,
        section=source.section,
        url=absolute(source.url, base_url),
        speaker=source.speaker,
        start_s=source.start_s,
        reviewed_on=dates.reviewed_on,
        span=source.span,
        sha256=source.sha256,
        outdated=is_outdated(max(filter(None, dates[:2]), default=None), datetime.now(UTC).date()),
        reviewed_by=dates.reviewed_by,
        updated_on=dates.updated_on,
        changed_since_review=source.changed_since_review,
    )


def absolute(url: str, base_url: str) -> str:
    """Return ``url`` with ``base_url`` in front if it is one of our own pages."""
    return base_url + url if base_url and url.startswith("/") else url


def _snippet(snippet: records.Snippet, base_url: str) -> Snippet:
    return Snippet(
        text=snippet.text,
        highlights=[span for span in snippet.highlights if len(snippet.text[slice(*span)].split()) >= _LEAST_MARKED],
        source=source_on_wire(snippet.source, base_url),
        id=snippet_id(snippet.source),
        sensitive=sensitive_topic(snippet.text),
    )


def action_on_wire(action: records.Action) -> Action:
    """Return the link as it is sent."""
    return Action(action.label, action.href, action.why)


def _notice(notice: records.Notice) -> Notice:
    return Notice(notice.kind, str(notice.text), [action_on_wire(action) for action in notice.actions])
