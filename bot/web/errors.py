"""Map every error to what the caller is told, in one table, and handle it that way.

    Refused                a request that this room turns down (code of the table, what was found)

Errors leave as ``application/problem+json`` (RFC 9457) under ``/api`` and for the probes, and as an HTML page
elsewhere. Nothing here may repeat a question: a body describes only the form of what was found, and the log gets the
class of an unforeseen error, where it was raised and the turn, never its message.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from bot.errors import (
    BotError,
    EngineUnavailable,
    IndexMismatch,
    IndexUnavailable,
    MemoryUnavailable,
    NotStorable,
    QuestionRejected,
)
from bot.web import wire
from bot.web.deepchat import deep_chat_error
from bot.web.security import let_frame
from bot.web.service import current_service, current_site
from bot.web.suggesting import nearest_to
from bot.web.urgent import urgent_notices

PROBLEM_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)
# Headers of an HTTP error that its response keeps.
_KEPT_HEADERS = {"Allow", "WWW-Authenticate"}


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the table: the status, a stable title, and what the sender can do."""

    status: int
    title: str
    cure: str


PROBLEMS = {
    "bad_request": ProblemKind(400, "The request could not be read", "Check it against /api/v1/openapi.json."),
    "not_json": ProblemKind(
        400, "The body is not JSON", "Send one JSON object in UTF-8, without NaN, lone surrogates or deep nesting."
    ),
    "wrong_shape": ProblemKind(
        422, "The body is not of the expected form", "Send an object as /api/v1/openapi.json describes it."
    ),
    "empty": ProblemKind(422, "The question is empty", "Send at least one visible character."),
    "too_long": ProblemKind(422, "The question is too long", "Send at most 2,000 characters."),
    "rejected": ProblemKind(422, "The question cannot be taken", "Send a question in plain words."),
    "bad_conversation_id": ProblemKind(
        422, "That is not a conversation of ours", "Leave conversation_id out to begin a new conversation."
    ),
    "bad_turn_key": ProblemKind(
        422,
        "That is no key of a turn",
        "Send 128 random bits in URL-safe base64, the same ones with a question sent again.",
    ),
    "bad_parameter": ProblemKind(422, "A query parameter has a wrong value", "See /api/v1/openapi.json for its range."),
    "bad_snippet": ProblemKind(
        422, "That is not a snippet id", "Send the id of a snippet of an answer: SOURCE@SHA256:START-END, URL-encoded."
    ),
    "text_too_long": ProblemKind(422, "A text is too long", "Send a shorter one, or none."),
    "bad_contact": ProblemKind(
        422, "That is no way to reach somebody", "Send an e-mail address or a telephone number, or leave contact out."
    ),
    "unauthorized": ProblemKind(
        401,
        "A token or a key is needed",
        "Send the token of the site's page in the header X-Chat-Token, or its key in the header Authorization.",
    ),
    "bad_key": ProblemKind(
        401,
        "That key is not good",
        "Check it; `python -m bot site rotate` makes a new one, the old holds for 24 hours.",
    ),
    "bad_chat_token": ProblemKind(401, "That token is not ours", "Load the page of the chat again for a fresh one."),
    "chat_token_expired": ProblemKind(
        401,
        "The token is too old",
        "Exchange it at /api/v1/token, which takes one of up to a day, or load the page of the chat again.",
    ),
    "other_site": ProblemKind(
        403, "That token or key is for another site", "Send the one of the site that is named, or leave site out."
    ),
    "too_many": ProblemKind(
        429, "That was a lot of questions", "Wait a little, as long as Retry-After says in seconds, and ask again."
    ),
    "wrong_token": ProblemKind(403, "That vote is not yours to give", "Send the feedback_token of that very answer."),
    "unknown_turn": ProblemKind(
        404, "No such turn", "Send the turn_id of an answer; turns are removed after some time, or when a family asks."
    ),
    "unknown_conversation": ProblemKind(
        404, "No such conversation", "Check the id; conversations are removed after some time, or when a family asks."
    ),
    "unknown_code": ProblemKind(
        404,
        "No conversation has that code",
        "Type the twelve letters and digits that came with the receipt; with its conversation a code is removed.",
    ),
    "no_such_passage": ProblemKind(
        422,
        "That answer has no such passage",
        "Send as opened the place of a passage in the near of that answer, from 0.",
    ),
    "already_voted": ProblemKind(409, "There is a vote on that answer", "Nothing needs to be done: it stays as it is."),
    "unknown_site": ProblemKind(404, "No such site", "Leave site out, or check the public id of the site."),
    "not_found": ProblemKind(404, "Nothing is here", "See /api/v1/openapi.json for what there is."),
    "method_not_allowed": ProblemKind(
        405, "That method is not for this address", "Use one of the methods that the Allow header names."
    ),
    "body_too_large": ProblemKind(413, "The body is too large", "Send at most 32,768 bytes."),
    "wrong_content_type": ProblemKind(
        415, "The body is not declared as JSON", "Send the header Content-Type: application/json."
    ),
    "internal": ProblemKind(500, "Something went wrong on our side", "Try again; if it stays, tell us the turn_id."),
    "memory_unavailable": ProblemKind(
        503, "Nothing can be kept or looked up right now", "Try again in a minute; questions are answered all the same."
    ),
    "contact_unavailable": ProblemKind(
        503,
        "Contact details cannot be kept here",
        "Leave contact out, and find a way to reach us on our pages; who runs this service can set BOT_CONTACT_KEY.",
    ),
    "closed": ProblemKind(
        503, "The chat is closed right now", "Use the contact link, or the numbers here if it is urgent."
    ),
    "sites_unavailable": ProblemKind(
        503,
        "The chat of partners cannot be shown right now",
        "Try again in a minute; call the numbers if it is urgent.",
    ),
    "site_disabled": ProblemKind(
        503, "The chat of this site is switched off", "Use the contact link, or the numbers here if it is urgent."
    ),
    "index_unavailable": ProblemKind(503, "No answers can be given right now", "Try again in a minute."),
}
# These say whom to call, because the family that reads them may have nowhere else to turn.
SWITCHED_OFF = frozenset({"closed", "site_disabled", "sites_unavailable"})
_NOT_ANSWERED = frozenset({429, 500, 503})
_FRAME = "/embed"
_MOST_NEAR_PAGES, _MOST_TOPICS = 5, 12
_CODE_OF_STATUS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "wrong_content_type",
    429: "too_many",
    500: "internal",
    503: "index_unavailable",
}


class Refused(BotError):
    """A request that is turned down: ``code`` is a row of the table, ``found`` says what was wrong with its form."""

    def __init__(self, code: str, found: str) -> None:
        self.code, self.found = code, found
        super().__init__(f"{code}: {found}")


def register_error_handlers(app: Flask) -> None:
    """Make every error of the application leave by the table."""
    app.register_error_handler(Refused, lambda error: _failure(error.code, error.found))
    app.register_error_handler(QuestionRejected, _question_rejected)
    app.register_error_handler(IndexUnavailable, _unavailable)
    app.register_error_handler(IndexMismatch, _unavailable)
    app.register_error_handler(EngineUnavailable, _unavailable)
    app.register_error_handler(NotStorable, lambda _: _failure("bad_parameter", "A value cannot be kept or looked for"))
    app.register_error_handler(MemoryUnavailable, _no_memory)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _question_rejected(error: QuestionRejected) -> Response:
    code = error.reason if error.reason in PROBLEMS else "rejected"
    return _failure(code, PROBLEMS[code].title)


def _unavailable(error: IndexUnavailable | IndexMismatch | EngineUnavailable) -> Response:
    _log.error("no answers: %s turn=%s", type(error).__name__, _turn_id())
    return _failure("index_unavailable", "No usable index is loaded")


def _no_memory(error: MemoryUnavailable) -> Response:
    _log.error("no memory: %s", error.found)
    return _failure("memory_unavailable", "The memory does not answer")


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    found = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
    if status < 400:
        return make_response(error.get_response())
    response = _failure(_CODE_OF_STATUS.get(status, "bad_request"), found, status)
    response.headers.extend((name, value) for name, value in error.get_headers() if name in _KEPT_HEADERS)
    return response


def _unforeseen(error: Exception) -> Response:
    if type(error).__module__.startswith("gunicorn.http"):
        # The server reads a body only when asked for it, so it finds a malformed one only then.
        return _failure("bad_request", "The body is not sent as HTTP has it")
    _log.error("unforeseen %s at %s turn=%s", type(error).__name__, _raised_at(error), _turn_id())
    return _failure("internal", "An unforeseen error")


def _raised_at(error: Exception) -> str:
    """Return the module and line where it was raised: enough to find it, without the values that a message may hold."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "unknown" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


def _turn_id() -> str | None:
    turn_id: str | None = g.get("turn_id")
    return turn_id


def _failure(code: str, found: str, status: int | None = None) -> Response:
    kind = PROBLEMS[code]
    shown_status = status or kind.status
    if not _wants_problem():
        return _error_page(code, shown_status)
    is_left_alone = shown_status in _NOT_ANSWERED
    problem = wire.Problem(
        type=f"{current_service().base_url}/problems#{code}",
        title=kind.title,
        status=shown_status,
        detail=f"{found}. {kind.cure}",
        code=code,
        turn_id=_turn_id() if shown_status >= 500 else None,
        contact_url=current_site().contact_url if is_left_alone else None,
        notices=urgent_notices(current_site()) if is_left_alone else None,
    )
    body, content_type = msgspec.json.encode(problem), PROBLEM_TYPE
    if g.get("deep_chat", False):
        body, content_type = msgspec.json.encode(deep_chat_error(problem)), "application/json"
    response = Response(body, status=shown_status, content_type=content_type)
    if shown_status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return _uncached(response)


def _wants_problem() -> bool:
    return request.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))


def _error_page(code: str, status: int) -> Response:
    service = current_service()
    sources = service.answerer.sources() if status == HTTPStatus.NOT_FOUND and service.answerer.ready() else []
    near = nearest_to(request.path, sources, _MOST_NEAR_PAGES)
    topics = near or sources[:_MOST_TOPICS]
    notices = urgent_notices(current_site()) if status in _NOT_ANSWERED else []
    page = render_template("error.html", code=code, status=status, topics=topics, is_near=bool(near), notices=notices)
    response = make_response(page, status)
    # Otherwise the browser shows an empty frame and no number to call.
    # An unknown site has no origins: nobody may frame its error page.
    framed = request.path == _FRAME and response.status_code != 404
    return _uncached(let_frame(response, current_site()) if framed else response)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
