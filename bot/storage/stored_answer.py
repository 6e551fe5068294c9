"""The JSON of an answer that was kept -> a ``StoredAnswer``, and back. The one place that knows its shape.

What is kept is what was sent, without the token. Answers were kept before there were some of the fields, so each field
has a default; fields that nobody reads again are passed over. It must not know where answers are kept or shown.
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
    """An answer as it was sent. ``status`` is that of the version that gave it, which this one need not know."""

    status: str = str(AnswerStatus.ANSWERED)
    message: str | None = None
    snippets: tuple[StoredSnippet, ...] = ()
    near: tuple[StoredSnippet, ...] = ()
    terms: tuple[StoredTerm, ...] = ()
    suggestions: tuple[str, ...] = ()
    notices: tuple[StoredNotice, ...] = ()


_decoder = msgspec.json.Decoder(StoredAnswer)


def encode_answer(sent: object) -> str:
    """Return what is kept of an answer that is sent.

    :param sent: the record that is sent; its token is for the family alone, and is left out.
    """
    fields = msgspec.to_builtins(sent)
    del fields["feedback_token"]
    return msgspec.json.encode(fields).decode()


def decode_answer(kept: str | None) -> StoredAnswer | None:
    """Return an answer that was kept.

    :param kept: JSON; ``None`` where nothing was kept.
    :returns: the answer, ``None`` for nothing.
    :raises msgspec.MsgspecError: for what is no answer.
    """
    return _decoder.decode(kept) if kept else None


def fields_of(kept: str) -> dict[str, Any]:
    """Return every field of an answer that was kept, to be sent again as it was.

    :returns: fields by name; ``near`` also where answers did not have it yet.
    """
    return {"near": [], **msgspec.json.decode(kept, type=dict[str, Any])}


def with_our_words(kept: str, change: Callable[[str], str]) -> str:
    """Return an answer that was kept with our own words changed; quotations are never touched."""
    fields = msgspec.json.decode(kept, type=dict[str, Any])
    if fields.get("message"):
        fields["message"] = change(fields["message"])
    notices: list[Mapping[str, Any]] = fields.get("notices") or []
    if notices:
        fields["notices"] = [{**notice, "text": change(notice["text"])} for notice in notices]
    return msgspec.json.encode(fields).decode()
