"""Read and write the JSON of a stored answer, the only place that knows its shape.

What was sent is stored, without the token. Older answers lack some of the fields, so each field has a default; fields
that nobody reads again are ignored. Knows nothing of where answers are stored or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bot.records import Span
from bot.statuses import AnswerStatus


class StoredSource(msgspec.Struct, frozen=True):
    """Where a quotation came from; ``span`` is in the text whose hash is ``sha256``."""

    id: str = ""
    kind: str = ""
    title: str = ""
    section: str | None = None
    url: str = ""
    speaker: str | None = None
    start_s: float | None = None
    reviewed_on: str | None = None
    reviewed_by: str | None = None
    updated_on: str | None = None
    changed_since_review: bool = False
    outdated: bool = False
    span: Span | None = None
    sha256: str = ""


class StoredSnippet(msgspec.Struct, frozen=True):
    """A quotation, word for word."""

    text: str = ""
    highlights: tuple[Span, ...] = ()
    source: StoredSource = StoredSource()
    id: str = ""
    sensitive: str | None = None


class StoredTerm(msgspec.Struct, frozen=True):
    """A hard word with its definition."""

    term: str
    definition: str


class StoredAction(msgspec.Struct, frozen=True):
    """A link that a notice offered."""

    label: str
    href: str
    why: str | None = None


class StoredNotice(msgspec.Struct, frozen=True):
    """A sentence of ours beside the answer."""

    kind: str
    text: str
    actions: tuple[StoredAction, ...] = ()


class StoredAnswer(msgspec.Struct, frozen=True):
    """An answer as it was sent; ``status`` is of the version that gave it and may be unknown to this one."""

    status: str = str(AnswerStatus.ANSWERED)
    message: str | None = None
    snippets: tuple[StoredSnippet, ...] = ()
    near: tuple[StoredSnippet, ...] = ()
    terms: tuple[StoredTerm, ...] = ()
    suggestions: tuple[str, ...] = ()
    notices: tuple[StoredNotice, ...] = ()


_decoder = msgspec.json.Decoder(StoredAnswer)


def encode_answer(sent: object) -> str:
    """Return the JSON to store for an answer that is sent.

    :param sent: the record that is sent; its token is for the family alone, and is left out.
    """
    fields = msgspec.to_builtins(sent)
    del fields["feedback_token"]
    return msgspec.json.encode(fields).decode()


def decode_answer(kept: str | None) -> StoredAnswer | None:
    """Return a stored answer, ``None`` if nothing was stored.

    :param kept: JSON, or ``None``.
    :raises msgspec.MsgspecError: if it is not an answer.
    """
    return _decoder.decode(kept) if kept else None


def fields_of(kept: str) -> dict[str, Any]:
    """Return every field of a stored answer by name, to be sent again as it was.

    :returns: always with ``near``, which older answers lack.
    """
    return {"near": [], **msgspec.json.decode(kept, type=dict[str, Any])}


def with_our_words(kept: str, change: Callable[[str], str]) -> str:
    """Return a stored answer with our own words changed; quotations are never touched."""
    fields = msgspec.json.decode(kept, type=dict[str, Any])
    if fields.get("message"):
        fields["message"] = change(fields["message"])
    notices: list[Mapping[str, Any]] = fields.get("notices") or []
    if notices:
        fields["notices"] = [{**notice, "text": change(notice["text"])} for notice in notices]
    return msgspec.json.encode(fields).decode()
