"""Store what is typed in the console as it is typed, so that nothing is lost when a session ends or a page is left.

Only the person who typed it sees it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.triage.tickets.unsent import Typed
from bot.web.parsing import clean_text
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

# What may be typed on a ticket's page, and in the form of a curated answer.
TICKET_FIELDS = ("text", "note", "signed", "to")
CURATED_FIELDS = ("wordings", "text", "author", "reviewed_on", "tags")
_MOST_CHARS = 8000
PLACE = re.compile(r"(ticket|curated):([\w-]{1,64})")


@staff.post("/unsent/<place>")
@for_role("agent")
def keep_unsent(place: str) -> Response:
    """Store what is typed now."""
    found = PLACE.fullmatch(place)
    if found is None:
        abort(404)
    keep_typed(place)
    return Response(status=204)


@staff.post("/unsent/<place>/drop")
@for_role("agent")
def drop_unsent(place: str) -> Response:
    """Delete what was typed."""
    found = PLACE.fullmatch(place)
    if found is None:
        abort(404)
    drop_typed(place)
    back = url_for("staff.ticket", ticket_id=found[2]) if found[1] == "ticket" else url_for("staff.curated")
    return redirect(back, 303)


def keep_typed(place: str, *, but: Iterable[str] = ()) -> None:
    """Store what the request's form holds, whatever its button was for.

    :param place: ``ticket:ID`` or ``curated:ID``
    :param but: fields that were just sent, and are no longer unsent
    """
    kind, _, of = place.partition(":")
    names = [name for name in (TICKET_FIELDS if kind == "ticket" else CURATED_FIELDS) if name in request.form]
    fields = {name: clean_text(request.form[name])[:_MOST_CHARS] for name in names if name not in set(but)}
    typed = {name: value for name, value in fields.items() if name not in {"signed", "to"} or fields.get("text")}
    if names:
        # A curated answer that was begun from a ticket is removed with it as well.
        is_of_ticket = kind == "ticket" or bool(current_desk().queue.some([of]))
        current_desk().unsents.keep(me().staff.id, place, typed, ticket_id=of if is_of_ticket else None)


def typed_in(place: str) -> Typed:
    """Return what the person typed in a place."""
    return current_desk().unsents.typed(me().staff.id, place)


def drop_typed(place: str) -> None:
    """Delete what the person typed in a place."""
    current_desk().unsents.drop(me().staff.id, place)
