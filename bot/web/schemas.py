"""Build the schemas of everything that the API takes and sends, for the OpenAPI document.

They come from the structs of wire.py, recollection.py, parsing.py and remarks.py, whose docstrings become descriptions,
with what a struct cannot say because it is checked after cleaning. Knows nothing of addresses.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bot.web import recollection, wire
from bot.web.deepchat import DeepChatAnswer, DeepChatError, DeepChatRequest
from bot.web.identifiers import IDENTIFIER_PATTERN
from bot.web.parsing import ChatRequest
from bot.web.readiness import Health
from bot.web.remarks import (
    MAX_COMMENT_CHARS,
    MAX_CONTACT_CHARS,
    MAX_NOTE_CHARS,
    ComeBackRequest,
    FeedbackRequest,
    HandoffRequest,
)

Json = dict[str, Any]

_STRUCTS = (
    ChatRequest,
    DeepChatRequest,
    DeepChatAnswer,
    DeepChatError,
    FeedbackRequest,
    HandoffRequest,
    ComeBackRequest,
    wire.Answer,
    wire.Hits,
    wire.Suggestions,
    wire.ChatToken,
    wire.Proof,
    Health,
    wire.Problem,
    recollection.Voted,
    recollection.Handoff,
    recollection.Conversation,
    recollection.Removal,
)
_TEXTS = {
    "site": "The public id of the site of that answer; absent for that of the token or key, or ours.",
    "turn_id": "From an Answer.",
    "feedback_token": "From the same Answer.",
    "verdict": "Whether it helped; of two different votes on an answer the first stays. This, or opened, or both.",
    "opened": "The passage of near that the family opened, from 0; it takes no vote away, and may be sent again.",
    "comment": f"At most {MAX_COMMENT_CHARS:,} characters in NFC and stripped; personal details are taken out of it.",
    "note": f"At most {MAX_NOTE_CHARS:,} characters in NFC and stripped; personal details are taken out of it.",
    "contact": f"An e-mail address or a telephone number of at most {MAX_CONTACT_CHARS} characters; kept sealed.",
    "code": "The come_back_code of a Handoff, in small letters or capitals, with or without its hyphens.",
}


def component_schemas() -> dict[str, Json]:
    """Return the JSON Schemas by name."""
    _, schemas = msgspec.json.schema_components(_STRUCTS, ref_template="#/components/schemas/{name}")
    _describe_chat(schemas["ChatRequest"]["properties"])
    _describe_names(schemas["DeepChatRequest"]["properties"])
    for name in ("FeedbackRequest", "HandoffRequest", "ComeBackRequest"):
        fields = schemas[name]["properties"]
        for field in _TEXTS.keys() & fields.keys():
            fields[field]["description"] = _TEXTS[field]
    schemas["KeptAnswer"] = _without_token(schemas["Answer"])
    return {
        name: {**schema, "description": _one_line(schema.get("description", ""))} for name, schema in schemas.items()
    }


def _describe_chat(fields: dict[str, Json]) -> None:
    fields["message"] |= {
        "minLength": 1,
        "description": "The question: 1 to 2,000 characters in NFC and stripped, at least one of them visible.",
        "examples": ["What is a digital twin?"],
    }
    fields["turn_key"] |= {
        "description": "128 random bits made by who asks; a question sent again with it gets the answer it had.",
        "anyOf": [{"type": "string", "pattern": IDENTIFIER_PATTERN}, {"type": "null"}],
    }
    fields["lang"] |= {"description": "Language of our own sentences, such as es; quotations stay as they are."}
    fields["about"] |= {"description": "Id of the source that was being read; a first question may lean on it."}
    _describe_names(fields)


def _describe_names(fields: dict[str, Json]) -> None:
    fields["conversation_id"] |= {"description": "From an earlier Answer; absent to begin.", "default": None}
    fields["conversation_id"]["anyOf"] = [{"type": "string", "pattern": IDENTIFIER_PATTERN}, {"type": "null"}]
    text = "The public id of a site; absent for that of the token or key, or ours."
    fields["site"] |= {"description": text, "default": None}


def _without_token(answer: Json) -> Json:
    """Return the schema of an Answer as it is remembered; ``near`` is optional: Answers stored earlier lack it."""
    fields = {name: field for name, field in answer["properties"].items() if name != "feedback_token"}
    return {
        **answer,
        "title": "KeptAnswer",
        "description": "An Answer as it is remembered: without its token and without personal details.",
        "properties": fields,
        "required": [name for name in answer["required"] if name in fields and name != "near"],
    }


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
