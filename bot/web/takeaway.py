"""Serve what a family takes along: a page for the appointment, and a link to quoted passages.

The id of a conversation is sent by form post, so that no address holds it. Knows nothing of how answers are found or
kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, render_template, request

from bot.errors import IndexUnavailable
from bot.records import Source
from bot.statuses import IN_DANGER, StatusFamily
from bot.storage.stored_answer import StoredAnswer, decode_answer
from bot.web import wire
from bot.web.callers import page_site
from bot.web.errors import Refused
from bot.web.links import listed_page
from bot.web.proof import SnippetClaim, proven_source, read_snippet_id, why_not_proven
from bot.web.remarks import known_conversation_id
from bot.web.sensitive import sensitive_topic
from bot.web.service import current_service, own_origin

takeaway = Blueprint("takeaway", __name__)
_MOST_SNIPPETS = 6
# Small talk asks nothing, and a question that we asked back about was asked again. What a family said when somebody was
# in danger is left out too (``IN_DANGER``): only the family chooses who sees it.
_LEFT_OUT = (StatusFamily.SMALLTALK, StatusFamily.CLARIFY)


@dataclass(frozen=True, slots=True)
class Proven:
    """A passage of a link: the snippet if it still holds, else the reason why not and where its source is now."""

    snippet: wire.Snippet | None
    reason: str | None
    source: Source | None
    page: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the sheet with its answer, and which of its near passages the family opened."""

    question: str
    answer: StoredAnswer
    opened: tuple[int, ...]

    @property
    def is_picked(self) -> bool:
        """Say whether it is printed unless the family chooses otherwise: words of danger and small talk are not."""
        status = self.answer.status
        return status not in IN_DANGER and not any(family.has(status) for family in _LEFT_OUT)


@takeaway.get("/answers")
def answers() -> Response:
    """Show the passages that a link names, word for word, or say that their sources have changed since."""
    page_site()
    service = current_service()
    claims = [read_snippet_id(text) for text in request.args.getlist("snippet")[:_MOST_SNIPPETS]]
    known = [claim for claim in claims if claim is not None]
    if not known or len(known) < len(claims):
        raise Refused("bad_snippet", "The address does not name a passage")
    if not service.answerer.ready():
        raise IndexUnavailable("the index folder", "no Build is loaded")
    return make_response(render_template("answers.html", passages=[_proven(claim) for claim in known]))


@takeaway.post("/appointment")
def appointment() -> Response:
    """Show the questions of a conversation with their quoted answers and lines to write on, for printing."""
    page_site()
    memory = current_service().memory
    given = request.form.get("conversation_id", "")
    turns = memory.conversation(known_conversation_id(given)) if memory is not None else ()
    if not turns:
        raise Refused("unknown_conversation", "Nothing is kept of a conversation with that id")
    kept = [(one.turn.question, decode_answer(one.turn.answer), one.opened) for one in turns]
    asked = [Asked(question, answer, opened) for question, answer, opened in kept if question and answer is not None]
    today = datetime.now(UTC).date().isoformat()
    page = render_template("appointment.html", asked=asked, today=today, origin=own_origin())
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _proven(claim: SnippetClaim) -> Proven:
    source = current_service().answerer.source(claim.source_id)
    reason = why_not_proven(claim, source)
    if source is None or reason is not None:
        return Proven(None, reason, source, listed_page(source) if source else None)
    text = source.text[slice(*claim.span)]
    origin = wire.source_on_wire(proven_source(claim, source))
    return Proven(wire.Snippet(text, [], origin, "", sensitive_topic(text)), None, source, listed_page(source))
