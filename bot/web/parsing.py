"""Turn the bytes of a request, which anybody may send, into values that the rest can trust.

Anything else raises Refused with a code of the error table. Knows nothing of sites or answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from flask import g, request

from bot.web.deepchat import DeepChatRequest
from bot.web.errors import Refused
from bot.web.identifiers import is_identifier

MAX_QUESTION_CHARS = 2000
# NFC joins at most four characters into one: beyond this a question is too long in any form.
_MAX_RAW_CHARS = 4 * MAX_QUESTION_CHARS
# As in Unicode's Stream-Safe Text Format (UAX #15): no language puts more marks on one letter. Ordering a longer run
# takes time quadratic in its length.
_MARKS_IN_A_ROW = 30
# A question of 2,000 emoji takes 24,000 bytes when a client escapes each as a surrogate pair.
MAX_BODY_BYTES = 32768
MAX_K = 100
DEFAULT_K = 10

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[0-9]{1,3}")
_GIVEN_VALUE = re.compile(r"^Invalid enum value .*(?= - at `\$)", re.DOTALL)

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

Body = TypeVar("Body")


class ChatRequest(msgspec.Struct, frozen=True):
    """What POST /api/v1/chat takes; fields it does not know are ignored."""

    message: str
    conversation_id: str | None = None
    site: str | None = None
    in_context: bool = True
    turn_key: str | None = None
    lang: str | None = None
    about: str | None = None


class _Shape(msgspec.Struct):
    """The fields that tell our chat request from Deep Chat's."""

    message: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    messages: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_chat_decoder = msgspec.json.Decoder(ChatRequest)
_deep_chat_decoder = msgspec.json.Decoder(DeepChatRequest)
_shape_decoder = msgspec.json.Decoder(_Shape)


def chat_request() -> ChatRequest:
    """Return the current request's body, ours or Deep Chat's, with its question cleaned.

    :raises Refused: as ``decoded_body`` and ``clean_question``; and bad_conversation_id or bad_turn_key
    """
    shape = decoded_body(_shape_decoder)
    g.deep_chat = shape.message is msgspec.UNSET and shape.messages is not msgspec.UNSET
    body = _deep_chat_request() if g.deep_chat else decoded_body(_chat_decoder)
    return ChatRequest(
        clean_question(body.message),
        known_conversation_id(body.conversation_id),
        body.site,
        body.in_context,
        _known_key(body.turn_key),
        body.lang,
        body.about,
    )


def _deep_chat_request() -> ChatRequest:
    sent = decoded_body(_deep_chat_decoder)
    return ChatRequest(sent.question(), sent.conversation_id, sent.site, sent.in_context)


def clean_question(raw: str) -> str:
    """Return the question as ``clean_text`` gives it, if there is something to read in it.

    :returns: 1 to 2,000 characters, at least one of them visible
    :raises Refused: empty or too_long
    """
    if len(raw) > _MAX_RAW_CHARS:
        raise Refused("too_long", f"The question has {len(raw):,} characters")
    text = clean_text(raw)
    if not any(unicodedata.category(character)[0] not in "ZC" for character in text):
        raise Refused("empty", "There is nothing to read in the question")
    if len(text) > MAX_QUESTION_CHARS:
        raise Refused("too_long", f"The question has {len(text):,} characters")
    return text


def clean_text(raw: str) -> str:
    """Return the text in NFC, stripped, with control characters (which a database may refuse) turned into spaces."""
    return _CONTROLS.sub(" ", _in_nfc(raw.replace("\r\n", "\n"))).strip()


def _in_nfc(text: str) -> str:
    """Return the text in NFC; a run of marks longer than in any language is normalized in pieces, to bound its cost."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    cuts, run = [0], 0
    for index, character in enumerate(text):
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MARKS_IN_A_ROW:
            cuts.append(index)
            run = 1
    return "".join(
        unicodedata.normalize("NFC", text[begin:end]) for begin, end in zip(cuts, [*cuts[1:], None], strict=True)
    )


def known_conversation_id(given: str | None) -> str | None:
    """Return the id if it has the form of ours, or ``None`` if none was given.

    :raises Refused: bad_conversation_id
    """
    if given is not None and not is_identifier(given):
        raise Refused("bad_conversation_id", "conversation_id is not one that this service made")
    return given


def _known_key(given: str | None) -> str | None:
    if given is not None and not is_identifier(given):
        raise Refused("bad_turn_key", "turn_key is not 22 characters of URL-safe base64")
    return given


def query_text(name: str) -> str:
    """Return the query parameter ``name``.

    :raises Refused: bad_parameter if it is missing
    """
    value = request.args.get(name)
    if value is None:
        raise Refused("bad_parameter", f"The parameter {name} is missing")
    return value


def refuse_zero_bytes() -> None:
    """Refuse a NUL in a query or a form: nobody types one, and PostgreSQL cannot store it.

    :raises Refused: bad_parameter
    """
    sent = (
        *request.args.keys(),
        *(value for values in request.args.listvalues() for value in values),
        *_form_values(),
    )
    if any("\0" in text for text in sent):
        raise Refused("bad_parameter", "There is a NUL byte in it")


def _form_values() -> Iterator[str]:
    if request.mimetype in _FORMS:
        yield from request.form.keys()
        for values in request.form.listvalues():
            yield from values


def query_k() -> int:
    """Return how many hits are asked for, 10 by default.

    :raises Refused: bad_parameter
    """
    value = request.args.get("k")
    if value is None:
        return DEFAULT_K
    if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MAX_K:
        raise Refused("bad_parameter", f"k is not a whole number from 1 to {MAX_K}")
    return int(value)


def decoded_body(decoder: msgspec.json.Decoder[Body]) -> Body:
    """Return the current request's body as the decoder reads it.

    :raises Refused: wrong_content_type, wrong_shape or not_json, never with a value that was sent
    """
    if not request.is_json:
        raise Refused("wrong_content_type", "The Content-Type is not application/json")
    try:
        return decoder.decode(request.get_data())
    except msgspec.ValidationError as error:
        # The message names the field and the expected and found types; the value only where one of a list is expected.
        raise Refused("wrong_shape", _GIVEN_VALUE.sub("Invalid value", str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("not_json", "The body cannot be read as JSON") from None
