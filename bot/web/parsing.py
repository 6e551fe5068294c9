"""Reading requests: from bytes that anybody may send to values that the rest can trust.

Comes in: the body and the query of the current request. Goes out: a question in NFC without control characters, a
number in range; anything else raises Refused with a code of the error table. It must not know sites or answers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

import msgspec
from flask import g, request

from bot.web.deepchat import DeepChatRequest
from bot.web.errors import Refused
from bot.web.identifiers import is_identifier

MAX_QUESTION_CHARS = 2000
# A question of 2,000 emoji takes 24,000 bytes when a client escapes every one as a surrogate pair.
MAX_BODY_BYTES = 32768
MAX_K = 100
DEFAULT_K = 10

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[0-9]{1,3}")
_GIVEN_VALUE = re.compile(r"^Invalid enum value .*(?= - at `\$)", re.DOTALL)

Body = TypeVar("Body")


class ChatRequest(msgspec.Struct, frozen=True):
    """What POST /api/v1/chat takes; fields it does not know are ignored."""

    message: str
    conversation_id: str | None = None
    site: str | None = None
    in_context: bool = True


class _Shape(msgspec.Struct):
    """Of a chat request, whether it is ours or Deep Chat's."""

    message: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    messages: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_chat_decoder = msgspec.json.Decoder(ChatRequest)
_deep_chat_decoder = msgspec.json.Decoder(DeepChatRequest)
_shape_decoder = msgspec.json.Decoder(_Shape)


def chat_request() -> ChatRequest:
    """The current request's body, ours or Deep Chat's, with its question made clean; raises Refused."""
    shape = decoded_body(_shape_decoder)
    g.deep_chat = shape.message is msgspec.UNSET and shape.messages is not msgspec.UNSET
    body = _deep_chat_request() if g.deep_chat else decoded_body(_chat_decoder)
    return ChatRequest(
        clean_question(body.message), known_conversation_id(body.conversation_id), body.site, body.in_context
    )


def _deep_chat_request() -> ChatRequest:
    sent = decoded_body(_deep_chat_decoder)
    return ChatRequest(sent.question(), sent.conversation_id, sent.site, sent.in_context)


def clean_question(raw: str) -> str:
    """The question as ``clean_text`` gives it, if there is something to read in it.

    :param raw: what was sent
    :returns: 1 to 2,000 characters of which at least one is visible
    :raises Refused: empty or too_long
    """
    text = clean_text(raw)
    if not any(unicodedata.category(character)[0] not in "ZC" for character in text):
        raise Refused("empty", "There is nothing to read in the question")
    if len(text) > MAX_QUESTION_CHARS:
        raise Refused("too_long", f"The question has {len(text):,} characters")
    return text


def clean_text(raw: str) -> str:
    """The text in NFC, stripped, with control characters (which a database may refuse) turned to spaces."""
    return _CONTROLS.sub(" ", unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))).strip()


def known_conversation_id(given: str | None) -> str | None:
    """The id if it has the form of ours, ``None`` if there is none."""
    if given is not None and not is_identifier(given):
        raise Refused("bad_conversation_id", "conversation_id is not one that this service made")
    return given


def query_text(name: str) -> str:
    """The query parameter ``name``, which must be there."""
    value = request.args.get(name)
    if value is None:
        raise Refused("bad_parameter", f"The parameter {name} is missing")
    return value


def query_k() -> int:
    """How many hits are asked for, 10 if it is not said."""
    value = request.args.get("k")
    if value is None:
        return DEFAULT_K
    if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= MAX_K:
        raise Refused("bad_parameter", f"k is not a whole number from 1 to {MAX_K}")
    return int(value)


def decoded_body(decoder: msgspec.json.Decoder[Body]) -> Body:
    """The current request's body as the decoder reads it; raises Refused, never with a value that was sent."""
    if not request.is_json:
        raise Refused("wrong_content_type", "The Content-Type is not application/json")
    try:
        return decoder.decode(request.get_data())
    except msgspec.ValidationError as error:
        # The message names the expected and found types and the field; the value only where one of a list is expected.
        raise Refused("wrong_shape", _GIVEN_VALUE.sub("Invalid value", str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("not_json", "The body cannot be read as JSON") from None
