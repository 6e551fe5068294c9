"""Serve what is remembered to the families whose words it is: votes, hand-offs, reading and removing a conversation.

Replies have the shapes of recollection.py; errors leave through errors.py. Knows nothing of where anything is kept.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response

from bot.storage.remembering import Memory
from bot.web import recollection, remarks
from bot.web.callers import remarking_site
from bot.web.errors import Refused
from bot.web.identifiers import new_identifier
from bot.web.responses import json_response
from bot.web.service import current_service

conversations = Blueprint("conversations", __name__, url_prefix="/api/v1")
log = logging.getLogger("bot.web")

# The memory's outcome, mapped to a code of the error table and what was found.
_REFUSALS = {
    "unknown_turn": ("unknown_turn", "There is no turn with that id"),
    "wrong_token": ("wrong_token", "feedback_token is not the one that came with that answer"),
    "no_such_passage": ("no_such_passage", "The answer to that turn has no near passage at that place"),
    "voted_otherwise": ("already_voted", "Another vote on that answer is kept already"),
    "contact_unavailable": ("contact_unavailable", "There is no key to seal a contact with, so nothing was kept"),
}


@conversations.post("/feedback")
def feedback() -> Response:
    """Store a vote on an answer, or which of its near passages was opened."""
    body = remarks.feedback_request()
    site, vote = remarking_site(body.site).kept_id, body.vote()
    if body.opened is not None:
        _refuse_if(_memory().open_passage(body.turn_id, body.opened, token=body.feedback_token, site=site))
    if vote is not None:
        _refuse_if(_memory().vote(vote, token=body.feedback_token, site=site))
    return json_response(recollection.Voted(body.turn_id, vote.verdict if vote else None, body.opened))


@conversations.post("/handoff")
def handoff() -> Response:
    """Ask a person to look at a turn."""
    body = remarks.handoff_request()
    site = remarking_site(body.site)
    outcome = _memory().hand_off(body.turn_id, note=body.note, contact=body.contact, site=site.kept_id)
    if isinstance(outcome, str):
        raise Refused(*_REFUSALS[outcome])
    return json_response(recollection.handoff_on_wire(outcome), status=201 if outcome.is_new else 200)


@conversations.get("/conversations/<conversation_id>")
def conversation(conversation_id: str) -> Response:
    """Return the family's own conversation."""
    return json_response(_kept(remarks.known_conversation_id(conversation_id)))


@conversations.post("/comeback")
def come_back() -> Response:
    """Return the family's own conversation by the code that it got when it asked for a person."""
    body = remarks.come_back_request()
    current_service().rates.count_guess()
    conversation_id = _memory().conversation_of(body.code)
    if conversation_id is None:
        raise Refused("unknown_code", "There is no conversation with that code")
    return json_response(_kept(conversation_id))


@conversations.delete("/conversations/<conversation_id>")
def forget(conversation_id: str) -> Response:
    """Remove the family's own conversation."""
    removed = _memory().forget(remarks.known_conversation_id(conversation_id))
    receipt = recollection.Receipt(new_identifier(), datetime.now(UTC))
    log.info("Removed %d turns of a conversation, receipt %s", removed, receipt.id)
    return json_response(recollection.Removal(conversation_id, removed, receipt))


def _refuse_if(outcome: str) -> None:
    if outcome in _REFUSALS:
        raise Refused(*_REFUSALS[outcome])


def _kept(conversation_id: str) -> recollection.Conversation:
    turns = _memory().conversation(conversation_id)
    if not turns:
        raise Refused("unknown_conversation", "Nothing is kept of a conversation with that id")
    return recollection.conversation_on_wire(conversation_id, turns, _memory().replies(conversation_id))


def _memory() -> Memory:
    memory = current_service().memory
    if memory is None:
        raise Refused("memory_unavailable", "This service remembers nothing")
    return memory
