"""Serve a person's own account: password, second factor, sessions.

Nobody sees another person's account here.
"""

from __future__ import annotations

import io

import segno
from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from bot.storage.audit import Wanted
from bot.triage.people.secondfactor import new_secret
from bot.triage.people.signing import WRONG_PASSWORD
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, is_not_set_up, me

# The secret that is being set up is kept in the cookie of the person who sees it anyway.
_SETTING_UP = "second_factor"
_MOST_CHARS, _LAST = 300, 8


@staff.get("/account")
@for_role("agent", before_set_up=True)
def account() -> str:
    """Show how the person signs in, and from where."""
    desk, who = current_desk(), me()
    return render_template(
        "staff/account.html",
        sessions=desk.signing.sessions.of(who.staff.id),
        here=who.session_id,
        required=desk.second_factor_required,
        not_set_up=is_not_set_up(),
        codes_left=desk.signing.recovery_codes_left(who),
        signed_in=desk.audit.entries(Wanted(account_name=who.staff.name, action="session."), limit=_LAST),
    )


@staff.post("/account/password")
@for_role("agent", before_set_up=True)
def change_password() -> Response:
    """Change the password."""
    old, new, again = (request.form.get(field, "")[:_MOST_CHARS] for field in ("old", "new", "again"))
    if new != again:
        fault: str | None = "The two new passwords are not the same."
    else:
        fault = current_desk().signing.change_password(me(), old, new)
    return _told(fault, "Your password is changed. Other browsers were signed out.")


@staff.get("/account/second-factor")
@for_role("agent", before_set_up=True)
def second_factor() -> str:
    """Show the secret as a picture that an app reads, and as text."""
    secret = session.setdefault(_SETTING_UP, new_secret())
    return render_template("staff/second_factor.html", secret=" ".join(secret[i : i + 4] for i in range(0, 32, 4)))


@staff.get("/account/second-factor.svg")
@for_role("agent", before_set_up=True)
def second_factor_picture() -> Response:
    """Return the secret that is being set up as a QR code."""
    if _SETTING_UP not in session:
        abort(404)
    address = current_desk().signing.second_factor.address(session[_SETTING_UP], me().staff.name)
    picture = io.BytesIO()
    segno.make(address, micro=False).save(picture, kind="svg", scale=6, border=3, dark="#000", light="#fff")
    response = make_response(picture.getvalue())
    response.content_type = "image/svg+xml"
    return response


@staff.post("/account/second-factor")
@for_role("agent", before_set_up=True)
def set_second_factor() -> Response:
    """Require codes from now on."""
    secret = session.get(_SETTING_UP)
    if secret is None:
        abort(404)
    fault = current_desk().signing.set_second_factor(me(), secret, request.form.get("code", "")[:_MOST_CHARS])
    if fault is not None:
        flash(fault, "fault")
        return redirect(url_for("staff.second_factor"), 303)
    session.pop(_SETTING_UP)
    flash("From now on you are asked for a code. Other browsers were signed out.", "done")
    return _codes_page()


@staff.post("/account/recovery-codes")
@for_role("agent")
def new_recovery_codes() -> Response:
    """Make recovery codes for when the app is lost; earlier ones stop working."""
    if not me().staff.has_second_factor:
        abort(404)
    if not current_desk().signing.is_own_password(me(), request.form.get("password", "")[:_MOST_CHARS]):
        return _told(WRONG_PASSWORD, "")
    return _codes_page()


def _codes_page() -> Response:
    """Return the page that makes the codes and shows them, this once."""
    codes = current_desk().signing.new_recovery_codes(me())
    return make_response(render_template("staff/recovery_codes.html", codes=codes))


@staff.post("/account/second-factor/drop")
@for_role("agent")
def drop_second_factor() -> Response:
    """Stop requiring codes."""
    if current_desk().second_factor_required:
        return _told("A second factor is required here.", "")
    fault = current_desk().signing.drop_second_factor(me(), request.form.get("password", "")[:_MOST_CHARS])
    return _told(fault, "You are not asked for codes any more.")


@staff.post("/account/sessions/<session_id>/end")
@for_role("agent", before_set_up=True)
def end_session(session_id: str) -> Response:
    """Sign out one of the person's own browsers."""
    if not current_desk().signing.sessions.end(session_id, account_id=me().staff.id):
        abort(404)
    return _told(None, "That browser is signed out.")


def _told(fault: str | None, done: str) -> Response:
    flash(fault or done, "fault" if fault else "done")
    return redirect(url_for("staff.account"), 303)
