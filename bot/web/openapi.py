"""Build the OpenAPI 3.1 document of everything that is not a page for people.

It is made from schemas.py and the error table; a test compares it with the routes and with real responses.
"""

from __future__ import annotations

from typing import Any

from bot import __version__
from bot.web.callers import TOKEN_HEADER
from bot.web.errors import PROBLEM_TYPE, PROBLEMS
from bot.web.identifiers import IDENTIFIER_PATTERN
from bot.web.parsing import DEFAULT_K, MAX_K
from bot.web.schemas import component_schemas

Json = dict[str, Any]
_CONVERSATION_ID = {
    "name": "conversation_id",
    "in": "path",
    "required": True,
    "description": "From an Answer. Whoever knows it may read and remove the conversation.",
    "schema": {"type": "string", "pattern": IDENTIFIER_PATTERN},
}
_SITE = {
    "name": "site",
    "in": "query",
    "required": False,
    "description": "The public id of a site; absent for that of the token or key, or ours.",
    "schema": {"type": "string"},
}
_SCHEMES = {
    "frame": {
        "type": "apiKey",
        "in": "header",
        "name": TOKEN_HEADER,
        "description": "The token of the page of a site's chat (attribute token of explainer-chat); it lasts an hour.",
    },
    "server": {"type": "http", "scheme": "bearer", "description": "The key of a site, for a partner's own server."},
}
# Our own site needs neither; a partner's needs one of them.
_SECURITY: list[Json] = [{}, {"frame": []}, {"server": []}]
_RATE_HEADERS = {
    f"RateLimit-{name}": {"description": text, "schema": {"type": kind}}
    for name, text, kind in (
        ("Limit", "How many questions fit into the window, of the limit that is nearest to its end.", "integer"),
        ("Remaining", "How many are left.", "integer"),
        ("Reset", "After how many seconds the window ends.", "integer"),
        ("Policy", "The same limit with its window in seconds, such as 120;w=60.", "string"),
    )
}
_WAIT_HEADER = {"Retry-After": {"description": "In how many seconds to come back.", "schema": {"type": "integer"}}}
_CALLER_ERRORS = (401, 403, 404)
_INTRODUCTION = (
    "Questions from families, answered word for word from a published corpus. Nothing is generated. "
    "Positions count Unicode code points. New fields may be added to any object within version 1."
)


def openapi_document(service_name: str) -> Json:
    """Return the document, with the service's name as its title."""
    return {
        "openapi": "3.1.0",
        "info": {"title": service_name, "version": __version__, "description": _INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": component_schemas(), "securitySchemes": _SCHEMES},
    }


def _paths() -> Json:
    return {
        "/api/v1/chat": {"post": _chat()},
        "/api/v1/search": {"get": _search()},
        "/api/v1/suggestions": {"get": _suggestions()},
        "/api/v1/token": {"get": _token()},
        "/api/v1/verify": {"get": _verify()},
        "/api/v1/feedback": {"post": _feedback()},
        "/api/v1/handoff": {"post": _handoff()},
        "/api/v1/conversations/{conversation_id}": {"get": _conversation(), "delete": _forget()},
        "/api/v1/comeback": {"post": _come_back()},
        "/api/v1/openapi.json": {"get": _own()},
        "/healthz": {"get": _operation("healthz", "Whether the process is alive", "Health")},
        "/readyz": {"get": _operation("readyz", "Whether an index is loaded", "Health", (503,))},
        "/metrics": {"get": _metrics()},
    }


def _chat() -> Json:
    errors = (400, *_CALLER_ERRORS, 413, 415, 422, 429, 500, 503)
    operation = _operation("chat", "An Answer to a message", "Answer", errors)
    body = {"anyOf": [_schema("ChatRequest"), _schema("DeepChatRequest")]}
    answers = {"anyOf": [_schema("Answer"), _schema("DeepChatAnswer")]}
    operation["responses"]["200"]["content"]["application/json"]["schema"] = answers
    for status in errors:
        # Deep Chat reads nothing else; requests in our own form never get this one.
        operation["responses"][str(status)]["content"]["application/json"] = {"schema": _schema("DeepChatError")}
    request_body = {"required": True, "content": {"application/json": {"schema": body}}}
    return {**operation, "security": _SECURITY, "requestBody": request_body}


def _search() -> Json:
    errors = (*_CALLER_ERRORS, 422, 429, 500, 503)
    operation = _operation("search", "Passages for a question, best first", "Hits", errors)
    k = {"type": "integer", "minimum": 1, "maximum": MAX_K, "default": DEFAULT_K}
    question = _parameter("q", {"type": "string", "minLength": 1}, "1 to 2,000 characters", required=True)
    parameters = [question, _parameter("k", k, "How many passages"), _SITE]
    return {**operation, "security": _SECURITY, "parameters": parameters}


def _suggestions() -> Json:
    operation = _operation("suggestions", "First questions to offer", "Suggestions", (*_CALLER_ERRORS, 422, 500, 503))
    return {**operation, "security": _SECURITY, "parameters": [_SITE]}


def _token() -> Json:
    errors = (401, 404, 429, 500)
    operation = _operation("token", "A fresh token for one of up to a day", "ChatToken", errors)
    return {**operation, "security": [{"frame": []}]}


def _verify() -> Json:
    operation = _operation("verify", "Proves a snippet again", "Proof", (422, 500, 503))
    pattern = {"type": "string", "pattern": "^.+@[0-9a-f]{64}:[0-9]{1,9}-[0-9]{1,9}$"}
    return {**operation, "parameters": [_parameter("snippet", pattern, "The id of a snippet", required=True)]}


def _feedback() -> Json:
    errors = (400, *_CALLER_ERRORS, 409, 413, 415, 422, 429, 500, 503)
    operation = _operation(
        "feedback",
        "Keeps a vote on an answer, or which near passage was opened; the same again changes nothing",
        "Voted",
        errors,
    )
    return {**operation, "security": _SECURITY, "requestBody": _body("FeedbackRequest")}


def _handoff() -> Json:
    errors = (400, *_CALLER_ERRORS, 413, 415, 422, 429, 500, 503)
    operation = _operation("handoff", "It was open before", "Handoff", errors)
    operation["responses"]["201"] = _good("A person was asked", "Handoff")
    summary = "Asks a person; a new note or contact takes the place of an earlier one"
    body = _body("HandoffRequest")
    return _counted({**operation, "security": _SECURITY, "summary": summary, "requestBody": body})


def _conversation() -> Json:
    operation = _operation("conversation", "A family's own conversation", "Conversation", (404, 500, 503))
    return {**operation, "parameters": [_CONVERSATION_ID]}


def _forget() -> Json:
    operation = _operation("forget", "Removes a conversation with all that hangs on it", "Removal", (404, 500, 503))
    return {**operation, "parameters": [_CONVERSATION_ID]}


def _come_back() -> Json:
    errors = (400, 404, 413, 415, 422, 429, 500, 503)
    operation = _operation("come_back", "A family's own conversation, by its code", "Conversation", errors)
    return {**operation, "requestBody": _body("ComeBackRequest")}


def _own() -> Json:
    document = {"application/json": {"schema": {"type": "object"}}}
    good = {"description": "The document", "content": document}
    return {"operationId": "openapi", "summary": "This document", "responses": {"200": good}}


def _metrics() -> Json:
    refused = {str(status): _problem(status) for status in (401, 404)}
    good = {"description": "Numbers", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"operationId": "metrics", "summary": "Numbers for Prometheus", "responses": {"200": good, **refused}}


def _operation(name: str, summary: str, response: str, errors: tuple[int, ...] = ()) -> Json:
    operation = {
        "operationId": name,
        "summary": summary,
        "responses": {"200": _good(summary, response), **{str(status): _problem(status) for status in errors}},
    }
    return _counted(operation) if 429 in errors else operation


def _counted(operation: Json) -> Json:
    """Add the rate-limit headers to an operation's responses; only sites with a limit send them."""
    for status, response in operation["responses"].items():
        if status[0] == "2" or status == "429":
            response["headers"] = _RATE_HEADERS | (_WAIT_HEADER if status == "429" else {})
    return operation


def _good(description: str, response: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _schema(response)}}}


def _body(request: str) -> Json:
    return {"required": True, "content": {"application/json": {"schema": _schema(request)}}}


def _problem(status: int) -> Json:
    codes = ", ".join(code for code, kind in PROBLEMS.items() if kind.status == status)
    return {"description": f"code: {codes}", "content": {PROBLEM_TYPE: {"schema": _schema("Problem")}}}


def _parameter(name: str, schema: Json, description: str, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
