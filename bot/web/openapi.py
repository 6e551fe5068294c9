"""The OpenAPI 3.1 document of everything that is not a page for people.

Comes in: the structs of wire.py and parsing.py, from which the schemas are made, and the error table. Goes out: the
document as plain values. A test compares it with the routes and with real responses.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bot import __version__
from bot.web import wire
from bot.web.errors import PROBLEM_TYPE, PROBLEMS
from bot.web.identifiers import IDENTIFIER_PATTERN
from bot.web.parsing import DEFAULT_K, MAX_K, ChatRequest

Json = dict[str, Any]
_RESPONSES = (wire.Answer, wire.Hits, wire.Suggestions, wire.Proof, wire.Health, wire.Problem)
_INTRODUCTION = (
    "Questions from families, answered word for word from a published corpus. Nothing is generated. "
    "Positions count Unicode code points. New fields may be added to any object within version 1."
)


def openapi_document(service_name: str) -> Json:
    """The document, with the service's name as its title."""
    _, schemas = msgspec.json.schema_components([ChatRequest, *_RESPONSES], ref_template="#/components/schemas/{name}")
    return {
        "openapi": "3.1.0",
        "info": {"title": service_name, "version": __version__, "description": _INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": _with_chat_limits(schemas)},
    }


def _paths() -> Json:
    return {
        "/api/v1/chat": {"post": _chat()},
        "/api/v1/search": {"get": _search()},
        "/api/v1/suggestions": {"get": _suggestions()},
        "/api/v1/verify": {"get": _verify()},
        "/api/v1/openapi.json": {"get": _own()},
        "/healthz": {"get": _operation("healthz", "Whether the process is alive", "Health")},
        "/readyz": {"get": _operation("readyz", "Whether an index is loaded", "Health", (503,))},
        "/metrics": {"get": _metrics()},
    }


def _chat() -> Json:
    body = {"required": True, "content": {"application/json": {"schema": _schema("ChatRequest")}}}
    operation = _operation("chat", "An Answer to a message", "Answer", (400, 404, 413, 415, 422, 500, 503))
    return {**operation, "requestBody": body}


def _search() -> Json:
    operation = _operation("search", "Passages for a question, best first", "Hits", (422, 500, 503))
    k = {"type": "integer", "minimum": 1, "maximum": MAX_K, "default": DEFAULT_K}
    question = _parameter("q", {"type": "string", "minLength": 1}, "1 to 2,000 characters", required=True)
    return {**operation, "parameters": [question, _parameter("k", k, "How many passages")]}


def _suggestions() -> Json:
    operation = _operation("suggestions", "First questions to offer", "Suggestions", (404, 500, 503))
    return {**operation, "parameters": [_parameter("site", {"type": "string"}, "The public id of a site")]}


def _verify() -> Json:
    operation = _operation("verify", "Proves a snippet again", "Proof", (422, 500, 503))
    pattern = {"type": "string", "pattern": "^.+@[0-9a-f]{64}:[0-9]{1,9}-[0-9]{1,9}$"}
    return {**operation, "parameters": [_parameter("snippet", pattern, "The id of a snippet", required=True)]}


def _own() -> Json:
    document = {"application/json": {"schema": {"type": "object"}}}
    good = {"description": "The document", "content": document}
    return {"operationId": "openapi", "summary": "This document", "responses": {"200": good}}


def _metrics() -> Json:
    good = {"description": "Numbers", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"operationId": "metrics", "summary": "Numbers for Prometheus", "responses": {"200": good}}


def _operation(name: str, summary: str, response: str, errors: tuple[int, ...] = ()) -> Json:
    good = {"description": summary, "content": {"application/json": {"schema": _schema(response)}}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": good, **{str(status): _problem(status) for status in errors}},
    }


def _problem(status: int) -> Json:
    codes = ", ".join(code for code, kind in PROBLEMS.items() if kind.status == status)
    return {"description": f"code: {codes}", "content": {PROBLEM_TYPE: {"schema": _schema("Problem")}}}


def _parameter(name: str, schema: Json, description: str, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _with_chat_limits(schemas: dict[str, Json]) -> dict[str, Json]:
    """Adds what the struct cannot say, because it is checked after cleaning."""
    fields = schemas["ChatRequest"]["properties"]
    fields["message"] |= {
        "minLength": 1,
        "description": "The question: 1 to 2,000 characters in NFC and stripped, at least one of them visible.",
        "examples": ["What is a digital twin?"],
    }
    fields["conversation_id"] |= {"description": "From an earlier Answer; absent to begin.", "default": None}
    fields["conversation_id"]["anyOf"] = [{"type": "string", "pattern": IDENTIFIER_PATTERN}, {"type": "null"}]
    fields["site"] |= {"description": "The public id of a site; absent for the default one.", "default": None}
    return {
        name: {**schema, "description": _one_line(schema.get("description", ""))} for name, schema in schemas.items()
    }


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
