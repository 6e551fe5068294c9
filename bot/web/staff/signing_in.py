"""Sign people in and out.

Every failed sign-in gets the same refusal, whatever the reason.
"""

from __future__ import annotations

import logging
import re
import secrets

from flask import abort, make_response, redirect, render_template, request, session, url_for
from flask_limiter.errors import RateLimitExceeded
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.errors import BotError
from bot.storage.audit import NOBODY
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_anybody, for_role, let_in, me, own_path

log = logging.getLogger("bot.web")
_MOST_CHARS = 300
# What a browser must bring back from the deployment's own sign-in is kept in its cookie.
_ELSEWHERE = "signing_in_elsewhere"
# The names by which people know their browsers; nothing else that a browser says of itself is stored.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@staff.get("/sign-in")
@for_anybody
def sign_in() -> Response:
    """Show the form to sign in with."""
    if current_user.is_authenticated:
        return redirect(own_path(request.args.get("next")), 303)
    return _form(request.args.get("next"), refused=False)


@staff.post("/sign-in")
@for_anybody
def signed_in() -> Response:
    """Sign somebody in."""
    name, password, code = (request.form.get(field, "")[:_MOST_CHARS] for field in ("name", "password", "code"))
    onward = request.form.get("next")
    try:
        # Counted before anything that takes time.
        current_service().rates.count_sign_in()
    except RateLimitExceeded:
        current_desk().signing.refusals.note(NOBODY, "too many from one network")
        raise
    token = current_desk().signing.sign_in(name, password, code, browser=_browser())
    if token is None:
        return _form(onward, refused=True)
    let_in(token)
    return redirect(own_path(onward), 303)


@staff.get("/sign-in/oidc")
@for_anybody
def sign_in_elsewhere() -> Response:
    """Send the browser to the deployment's own sign-in."""
    provider = current_desk().provider
    if provider is None:
        abort(404)
    current_service().rates.count_sign_in()
    try:
        begun = provider.begin(_back_here())
    except BotError as error:
        return _failed(error)
    session[_ELSEWHERE] = [begun.state, begun.nonce, begun.verifier, own_path(request.args.get("next"))]
    return redirect(begun.address, 303)


@staff.get("/sign-in/oidc/back")
@for_anybody
def signed_in_elsewhere() -> Response:
    """Sign in somebody who returns from there, if it is the browser that was sent."""
    desk, kept = current_desk(), session.pop(_ELSEWHERE, None)
    if desk.provider is None or desk.federating is None:
        abort(404)
    current_service().rates.count_sign_in()
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if kept is None or not code or not secrets.compare_digest(state.encode(), str(kept[0]).encode()):
        return _form(None, refused=True)
    try:
        known = desk.provider.finish(code, _back_here(), nonce=kept[1], verifier=kept[2])
    except BotError as error:
        return _failed(error)
    token = desk.federating.let_in(known, browser=_browser())
    if token is None:
        return _form(None, refused=True)
    let_in(token)
    return redirect(own_path(kept[3]), 303)


def _failed(error: BotError) -> Response:
    log.error("%s", error)
    return _form(None, refused=True)


def _back_here() -> str:
    return f"{current_service().base_url}{url_for('staff.signed_in_elsewhere')}"


@staff.post("/sign-out")
@for_role("agent", before_set_up=True)
def sign_out() -> Response:
    """End the session, here and in the database."""
    desk, who = current_desk(), me()
    desk.signing.sessions.end(who.session_id, account_id=who.staff.id)
    desk.audit.add(who.staff.name, "session.end")
    session.clear()
    return redirect("/staff/sign-in", 303)


def _form(onward: str | None, *, refused: bool) -> Response:
    elsewhere = current_desk().provider is not None
    page = render_template("staff/sign_in.html", next=own_path(onward), refused=refused, elsewhere=elsewhere)
    return make_response(page, 401 if refused else 200)


def _browser() -> str:
    said = request.user_agent.string
    browser = next((name for mark, name in _BROWSERS if re.search(mark, said)), "A browser")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, said)), None)
    return f"{browser} on {system}" if system else browser
