"""Show the safety data for review, and try what would be detected in a message.

Messages come by post, and are neither stored nor counted.
"""

from __future__ import annotations

from flask import render_template, request

from bot.dialogue.replied import Replied
from bot.errors import QuestionRejected
from bot.safety.review import packaged_data
from bot.web.parsing import clean_text
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.guard import for_role

_SHOWN = 60


@staff.get("/safety")
@for_role("agent")
def safety() -> str:
    """Show all safety data."""
    return _page()


@staff.post("/safety")
@for_role("agent")
def try_safety() -> str:
    """Show what would be detected in a message, using the answerer that families ask."""
    message, replied = clean_text(request.form.get("message", "")), None
    service = current_service()
    try:
        replied = service.answerer.reply(message, (), country=service.default_site.country) if message else None
    except QuestionRejected:
        replied = None
    return _page(message=message, replied=replied)


def _page(*, message: str = "", replied: Replied | None = None) -> str:
    data, words, kind = packaged_data(), request.args.get("words", "").casefold().split(), request.args.get("kind", "")
    wanted = [
        group for group in data.groups if kind in {"", group.kind} and all(word in group.searched for word in words)
    ]
    start = max(min(request.args.get("start", 0, type=int), len(wanted) - 1), 0)
    return render_template(
        "staff/safety.html",
        data=data,
        groups=wanted[start : start + _SHOWN],
        start=start,
        groups_a_page=_SHOWN,
        count=len(wanted),
        message=message,
        replied=replied,
        kind=kind,
        words=" ".join(words),
    )
