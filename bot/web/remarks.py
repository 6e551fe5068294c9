"""Read what families send about an answer: votes, opened passages, wishes for a person, and come-back codes.

Texts come out in NFC without control characters, within their limits; anything else raises Refused with a code of the
error table. Knows nothing of what becomes of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

import msgspec
from msgspec import Meta

from bot.storage.feedback import Reason, Verdict, Vote
from bot.web.errors import Refused
from bot.web.identifiers import is_identifier
from bot.web.parsing import clean_text, decoded_body
from bot.web.wire import MOST_NEAR

MAX_REASONS = 6
MAX_COMMENT_CHARS = 1000
MAX_NOTE_CHARS = 2000
# An e-mail address may have 254 characters (RFC 5321).
MAX_CONTACT_CHARS = 254

_EMAIL = re.compile(r"[^\s@,;<>()\"]+@[^\s@,;<>()\"]+\.[^\s@,;<>()\".]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/]+(?:(?:x|ext\.?)\s*\d{1,6})?", re.IGNORECASE)
_PHONE_DIGITS = range(6, 22)


class FeedbackRequest(msgspec.Struct, frozen=True):
    """What POST /api/v1/feedback takes: a vote, the near passage that was opened, or both; fields it does not know are
    ignored."""

    turn_id: str
    feedback_token: str
    verdict: Verdict | msgspec.UnsetType = msgspec.UNSET
    opened: Annotated[int, Meta(ge=0, lt=MOST_NEAR)] | None = None
    reasons: Annotated[list[Reason], Meta(max_length=MAX_REASONS)] | None = None
    comment: str | None = None
    site: str | None = None

    def vote(self) -> Vote | None:
        """Return the vote that was sent, each reason once, or ``None`` if only a passage was opened."""
        if self.verdict is msgspec.UNSET:
            return None
        return Vote(self.turn_id, self.verdict, tuple(dict.fromkeys(self.reasons or ())), self.comment)


class HandoffRequest(msgspec.Struct, frozen=True):
    """What POST /api/v1/handoff takes; fields it does not know are ignored."""

    turn_id: str
    note: str | None = None
    contact: str | None = None
    site: str | None = None


class ComeBackRequest(msgspec.Struct, frozen=True):
    """What POST /api/v1/comeback takes; fields it does not know are ignored."""

    code: str


_feedback_decoder = msgspec.json.Decoder(FeedbackRequest)
_handoff_decoder = msgspec.json.Decoder(HandoffRequest)
_come_back_decoder = msgspec.json.Decoder(ComeBackRequest)


def feedback_request() -> FeedbackRequest:
    """Return the current request's feedback on an answer, its comment cleaned.

    :raises Refused: as ``decoded_body``; and wrong_shape, text_too_long or unknown_turn
    """
    body = decoded_body(_feedback_decoder)
    if body.verdict is msgspec.UNSET and body.opened is None:
        raise Refused("wrong_shape", "There is neither a verdict nor a passage that was opened")
    comment = _optional_text("comment", body.comment, MAX_COMMENT_CHARS)
    return msgspec.structs.replace(body, turn_id=_known_turn_id(body.turn_id), comment=comment)


def handoff_request() -> HandoffRequest:
    """Return the current request's wish for a person, its texts cleaned.

    :raises Refused: as ``decoded_body``; and text_too_long, bad_contact or unknown_turn
    """
    body = decoded_body(_handoff_decoder)
    note = _optional_text("note", body.note, MAX_NOTE_CHARS)
    return HandoffRequest(_known_turn_id(body.turn_id), note, _contact(body.contact), body.site)


def come_back_request() -> ComeBackRequest:
    """Return the code of the current request, as typed.

    :raises Refused: as ``decoded_body``
    """
    return decoded_body(_come_back_decoder)


def known_conversation_id(given: str) -> str:
    """Return the id if it has the form of ours.

    :raises Refused: unknown_conversation, since any other id names no conversation
    """
    if not is_identifier(given):
        raise Refused("unknown_conversation", "That is not the id of a conversation")
    return given


def _known_turn_id(given: str) -> str:
    if not is_identifier(given):
        raise Refused("unknown_turn", "turn_id is not one that this service made")
    return given


def _optional_text(field: str, raw: str | None, max_chars: int) -> str | None:
    text = clean_text(raw or "")
    if len(text) > max_chars:
        raise Refused("text_too_long", f"The {field} has {len(text):,} characters, {max_chars:,} are allowed")
    return text or None


def _contact(raw: str | None) -> str | None:
    # Digits may be full-width or of another script; NFKC normalizes their width.
    contact = unicodedata.normalize("NFKC", clean_text(raw or ""))
    if not contact:
        return None
    if len(contact) > MAX_CONTACT_CHARS or not (_EMAIL.fullmatch(contact) or _is_phone_number(contact)):
        raise Refused("bad_contact", "The contact is neither an e-mail address nor a telephone number")
    return contact


def _is_phone_number(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and sum(character.isdigit() for character in text) in _PHONE_DIGITS
