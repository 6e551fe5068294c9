"""Manage webhooks, what was sent to them, and what was given up.

A secret is shown only on the page that follows its making.
"""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.triage.telling.outbox import EVENTS, EventName
from bot.triage.telling.webhooks import Hook
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

_OUTCOMES = {
    "sent": "The test arrived.",
    "waiting": "The test did not arrive; it will be tried again.",
    "dead": "The test was given up.",
}


@staff.get("/webhooks")
@for_role("admin")
def webhooks() -> Response:
    """List all webhooks, and what could not be sent."""
    return _page()


@staff.post("/webhooks")
@for_role("admin")
def add_webhook() -> Response:
    """Add a webhook and show its secret."""
    url, events = request.form.get("url", "").strip(), _events()
    fault = current_desk().poster.what_is_wrong(url) if url else "Type an address."
    if fault is None and not events:
        fault = "Tick at least one event."
    if fault is not None:
        return _page(fault=fault, url=url, status=422)
    webhook_id, secret = current_desk().webhooks.add(url, events, with_words=_is_on("with_words"), by=me().staff)
    return _hook_page(webhook_id, secret=secret)


@staff.get("/webhooks/<webhook_id>")
@for_role("admin")
def webhooks_detail(webhook_id: str) -> Response:
    """Show a webhook, and what was sent to it."""
    return _hook_page(webhook_id)


@staff.post("/webhooks/<webhook_id>")
@for_role("admin")
def change_webhook(webhook_id: str) -> Response:
    """Change what a webhook is told, or whether it is told anything."""
    values = {"with_words": _is_on("with_words"), "enabled": _is_on("enabled")}
    if not current_desk().webhooks.change(webhook_id, _events(), **values, by=me().staff):
        abort(404)
    flash("Saved.", "done")
    return _to(webhook_id)


@staff.post("/webhooks/<webhook_id>/rotate")
@for_role("admin")
def rotate_webhook(webhook_id: str) -> Response:
    """Make another secret and show it."""
    secret = current_desk().webhooks.rotate(webhook_id, by=me().staff)
    if secret is None:
        abort(404)
    return _hook_page(webhook_id, secret=secret)


@staff.post("/webhooks/<webhook_id>/test")
@for_role("admin")
def test_webhook(webhook_id: str) -> Response:
    """Send a test now and say what came of it."""
    desk = current_desk()
    delivery_id = desk.webhooks.test(webhook_id, by=me().staff)
    if delivery_id is None:
        abort(404)
    outcome = desk.courier.send(delivery_id) or "waiting"
    flash(_OUTCOMES[outcome], "done" if outcome == "sent" else "fault")
    return _to(webhook_id)


@staff.post("/webhooks/<webhook_id>/remove")
@for_role("admin")
def remove_webhook(webhook_id: str) -> Response:
    """Remove a webhook."""
    if not current_desk().webhooks.remove(webhook_id, by=me().staff):
        abort(404)
    flash("Removed.", "done")
    return redirect(url_for("staff.webhooks"), 303)


@staff.post("/deliveries/<delivery_id>/again")
@for_role("admin")
def send_again(delivery_id: str) -> Response:
    """Send a delivery again that was given up."""
    if not current_desk().webhooks.again(delivery_id, by=me().staff):
        abort(404)
    flash("It is being sent again.", "done")
    return redirect(url_for("staff.webhooks"), 303)


def _page(*, fault: str | None = None, url: str = "", status: int = 200) -> Response:
    hooks = current_desk().webhooks
    page = render_template(
        "staff/webhooks.html",
        hooks=hooks.all(),
        dead=hooks.deliveries(dead=True),
        failing=hooks.failing(),
        events=EVENTS[:-1],
        fault=fault,
        url=url,
    )
    return make_response(page, status)


def _hook_page(webhook_id: str, *, secret: str | None = None) -> Response:
    hooks = current_desk().webhooks
    hook = _known(webhook_id)
    deliveries = hooks.deliveries(webhook_id=webhook_id)
    page = render_template("staff/webhook.html", hook=hook, secret=secret, deliveries=deliveries, events=EVENTS[:-1])
    return make_response(page)


def _known(webhook_id: str) -> Hook:
    hook = next((one for one in current_desk().webhooks.all() if one.id == webhook_id), None)
    if hook is None:
        abort(404)
    return hook


def _to(webhook_id: str) -> Response:
    return redirect(url_for("staff.webhooks_detail", webhook_id=webhook_id), 303)


def _events() -> list[EventName]:
    ticked = request.form.getlist("event")
    return [event for event in EVENTS if event in ticked and event != "test"]


def _is_on(name: str) -> bool:
    return request.form.get(name) == "yes"
