"""Let admins manage accounts.

A new password is shown once, on the page that made it, and never again.
"""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.errors import StaffError
from bot.triage.people.account import ROLES, Role
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me


@staff.get("/people")
@for_role("admin")
def people() -> Response:
    """List who may sign in."""
    return _page()


@staff.post("/people")
@for_role("admin")
def add_person() -> Response:
    """Add an account."""
    name, role = request.form.get("name", "").strip(), _role()
    try:
        password = current_desk().accounts.add(name, role, by=me().staff.name)
    except StaffError as error:
        return _page(fault=f"{error.name}: {error.found}. {error.remedy}")
    return _page(name=name, password=password)


@staff.post("/people/<name>/<any(disable, enable, role, reset, sign_out):what>")
@for_role("admin")
def change_person(name: str, what: str) -> Response:
    """Change an account and sign it out everywhere."""
    accounts, by, password = current_desk().accounts, me().staff.name, None
    try:
        if what == "reset":
            password = accounts.reset(name, by=by)
            current_desk().signing.attempts.forget(name)
        elif what == "sign_out":
            accounts.sign_out(name, by=by)
        elif what == "role":
            accounts.give_role(name, _role(), by=by)
        else:
            (accounts.disable if what == "disable" else accounts.enable)(name, by=by)
    except StaffError as error:
        return _page(fault=f"{error.name}: {error.found}. {error.remedy}")
    return _page(name=name, password=password)


@staff.post("/people/<name>/sessions/<session_id>/end")
@for_role("admin")
def end_colleagues_session(name: str, session_id: str) -> Response:
    """Sign out one browser of a colleague."""
    desk = current_desk()
    account = next((one for one in desk.accounts.all() if one.name == name), None)
    if account is None or not desk.signing.sessions.end(session_id, account_id=account.id):
        abort(404)
    desk.audit.add(me().staff.name, "session.end", object=name)
    flash(f"One browser of {name} is signed out.", "done")
    return redirect(url_for("staff.people"), 303)


def _page(*, name: str | None = None, password: str | None = None, fault: str | None = None) -> Response:
    people, sessions = current_desk().accounts.all(), current_desk().signing.sessions.all()
    page = render_template(
        "staff/people.html",
        people=people,
        sessions={one.name: sessions[one.id] for one in people},
        last=current_desk().accounts.last_sign_ins(),
        roles=ROLES,
        name=name,
        password=password,
        fault=fault,
    )
    return make_response(page, 422 if fault else 200)


def _role() -> Role:
    role = request.form.get("role", "")
    if role not in ROLES:
        abort(422)
    return role
