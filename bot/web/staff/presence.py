"""Tell who else has a ticket open, and whether the family wrote since the page was loaded.

An open page posts here every few seconds; the reply holds nobody's words.
"""

from __future__ import annotations

from flask import abort, request
from werkzeug.wrappers import Response

from bot.web.responses import json_response
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me


@staff.post("/tickets/<ticket_id>/here")
@for_role("agent")
def here(ticket_id: str) -> Response:
    """Record that somebody has the ticket open or has left it, and return who else is there and what is new."""
    desk, who = current_desk(), me().staff
    if request.form.get("left"):
        desk.presences.leave(ticket_id, who.id)
        return Response(status=204)
    around = desk.presences.note(ticket_id, who.id, is_typing=request.form.get("typing") == "yes")
    if around is None:
        abort(404)
    return json_response(
        {
            "others": [{"name": one.name, "typing": one.is_typing} for one in around.others],
            "version": around.version,
            "askings": around.askings,
            "urgent": desk.queue.urgent(),
        }
    )
