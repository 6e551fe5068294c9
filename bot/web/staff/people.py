"""Accounts, for admins.

Comes in: names and roles. Goes out: pages; a new password is shown once, on the page that made it, and never again.
"""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from bot.errors import StaffError
from bot.triage.people.account import ROLES, Role
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me


@staff.get("/people")
@for_role("admin")
def people() -> Response:
    """Who may sign in."""
    return _page()


@staff.post("/people")
@for_role("admin")
def add_person() -> Response:
    """Makes an account."""
    name, role = request.form.get("name", "").strip(), _role()
    try:
        password = current_desk().accounts.add(name, role, by=me().staff.name)
    except StaffError as error:
        return _page(fault=f"{error.name}: {error.found}. {error.remedy}")
    return _page(name=name, password=password)


@staff.post("/people/<name>/<any(disable, enable, role, reset):what>")
@for_role("admin")
def change_person(name: str, what: str) -> Response:
    """Changes an account and signs it out everywhere."""
    accounts, by, password = current_desk().accounts, me().staff.name, None
    try:
        if what == "reset":
            password = accounts.reset(name, by=by)
            current_desk().signing.attempts.forget(name)
        elif what == "role":
            accounts.give_role(name, _role(), by=by)
        else:
            (accounts.disable if what == "disable" else accounts.enable)(name, by=by)
    except StaffError as error:
        return _page(fault=f"{error.name}: {error.found}. {error.remedy}")
    return _page(name=name, password=password)


def _page(*, name: str | None = None, password: str | None = None, fault: str | None = None) -> Response:
    page = render_template(
        "staff/people.html",
        people=current_desk().accounts.all(),
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
