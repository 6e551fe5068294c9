"""Who else has a ticket open, and whether the family wrote since the page was loaded.

Comes in: that a page is open, every few seconds while it is. Goes out: a small JSON, without anybody's words.
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
    """Keeps that somebody has the ticket open, or has left it; tells what is going on around it."""
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
