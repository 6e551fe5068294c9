"""Serve the public API, version 1: read the request, ask the answerer, write JSON.

Replies have the shapes of wire.py; errors leave through errors.py. Knows nothing of how answers are found.
"""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g, request

from bot.errors import IndexUnavailable
from bot.sites.tokens import LIFE_S
from bot.web import parsing, wire
from bot.web.callers import answering_site, calling_site, renewing_site, require_open
from bot.web.deepchat import deep_chat_answer
from bot.web.errors import Refused
from bot.web.limits import turn_within_limits
from bot.web.openapi import openapi_document
from bot.web.proof import proven_source, read_snippet_id, why_not_proven
from bot.web.responses import json_response
from bot.web.service import current_service, current_words, own_origin

public = Blueprint("public", __name__, url_prefix="/api/v1")
_SHORT_CACHE, _OWN_CACHE = "public, max-age=300", "private, max-age=300"


@public.post("/chat")
def chat() -> Response:
    """Answer the message."""
    body = parsing.chat_request()
    answer = turn_within_limits(
        lambda: answering_site(body.site),
        body.message,
        body.conversation_id,
        in_context=body.in_context,
        turn_key=body.turn_key,
        language=body.lang,
        about=body.about,
    )
    if g.deep_chat:
        return json_response(deep_chat_answer(answer, root=own_origin(), words=current_words()))
    return json_response(answer)


@public.get("/search")
def search() -> Response:
    """Return the Hits for a question, for staff tools and tests."""
    service = current_service()
    question, k = parsing.clean_question(parsing.query_text("q")), parsing.query_k()
    site = answering_site(request.args.get("site"))
    hits = service.answerer.search(question, k, tags=site.tags)
    return json_response(
        wire.Hits(service.answerer.build_id, [wire.hit_on_wire(hit, service.base_url) for hit in hits])
    )


@public.get("/suggestions")
def suggestions() -> Response:
    """Return first questions to offer on a site."""
    site = calling_site(request.args.get("site"))
    require_open(site)
    found = current_service().answerer.suggestions(tags=site.tags)
    # A reply to a token or a key is only for whoever has it.
    return json_response(wire.Suggestions(site.id, found), cache=_SHORT_CACHE if site.is_default else _OWN_CACHE)


@public.get("/token")
def token() -> Response:
    """Exchange the token of a site's frame for a fresh one."""
    site = renewing_site()
    return json_response(wire.ChatToken(current_service().tokens.issue(site.id), LIFE_S))


@public.get("/verify")
def verify() -> Response:
    """Prove a snippet again from its id."""
    service = current_service()
    given = parsing.query_text("snippet")
    claim = read_snippet_id(given)
    if claim is None:
        raise Refused("bad_snippet", "The parameter snippet is not of the form SOURCE@SHA256:START-END")
    if not service.answerer.ready():
        raise IndexUnavailable("the index folder", "no Build is loaded")
    source = service.answerer.source(claim.source_id)
    reason = why_not_proven(claim, source)
    proof = wire.Proof(given, reason is None, reason is None, reason, service.answerer.build_id, None, None)
    if source is not None and reason is None:
        origin = wire.source_on_wire(proven_source(claim, source), service.base_url)
        proof = msgspec.structs.replace(proof, text=source.text[slice(*claim.span)], source=origin)
    return json_response(proof)


@public.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document of this API."""
    return json_response(openapi_document(current_service().name), cache=_SHORT_CACHE)
