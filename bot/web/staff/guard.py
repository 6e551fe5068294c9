"""Decide who may use each view; a view that names no role is refused to everybody.

Changes are made only by POST, with the CSRF token.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request, session, url_for
from flask_login import current_user, login_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from bot.triage.people.account import Role, SignedIn, Staff
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk

View = TypeVar("View", bound=Callable[..., Any])
_FOR, _EARLY = "for_whom", "before_set_up"
ANYBODY = "anybody"
_HOME = "/staff/"


class Person:
    """Somebody who is signed in, as Flask-Login expects it; identified by the session's token, not the account."""

    is_authenticated, is_active, is_anonymous = True, True, False

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self._token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self._token


def for_role(role: Role, *, before_set_up: bool = False) -> Callable[[View], View]:
    """Let a role, and those above it, use a view.

    :param before_set_up: even before the person has chosen a password and, where required, a second factor
    """

    def mark(view: View) -> View:
        setattr(view, _FOR, role)
        setattr(view, _EARLY, before_set_up)
        return view

    return mark


def for_anybody(view: View) -> View:
    """Let everybody use a view, signed in or not."""
    setattr(view, _FOR, ANYBODY)
    return view


def for_whom(view: Callable[..., Any]) -> str | None:
    """Return who may use a view, ``None`` if it does not say."""
    return getattr(view, _FOR, None)


def is_for(view: Callable[..., Any], who: Staff) -> bool:
    """Say whether somebody who is signed in may use a view."""
    whom = for_whom(view)
    return whom is not None and (whom == ANYBODY or who.may(cast(Role, whom)))


def person_of(token: str) -> Person | None:
    """Return the person whose session has this token."""
    found = current_desk().signing.sessions.find(token)
    return None if found is None else Person(token, found)


def me() -> SignedIn:
    """Return who makes the current request; only for views that require a role."""
    return cast(Person, current_user._get_current_object()).signed_in


def let_in(token: str) -> None:
    """Start the session of a token in this browser and clear what the browser had before."""
    session.clear()
    # If the clock jumps at this moment, the session is already over, and the person is asked to sign in again.
    if (person := person_of(token)) is not None:
        login_user(person)


def own_path(given: str | None) -> str:
    """Return a path of the console to continue to; anything else becomes the console's first page."""
    if not given or "\\" in given or any(ord(letter) < 33 for letter in given):
        return _HOME
    parts = urlsplit(given)
    own = not parts.scheme and not parts.netloc and parts.path.startswith(_HOME) and ".." not in parts.path
    return given if own else _HOME


@staff.before_request
def guard() -> Response | None:
    """Refuse what the person may not use."""
    view = current_app.view_functions[request.endpoint or ""]
    whom = for_whom(view)
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        _check_token()
    if whom == ANYBODY:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if not is_for(view, me().staff):
        abort(403)
    if is_not_set_up() and not getattr(view, _EARLY):
        return redirect(url_for("staff.account"), 303)
    return None


def is_not_set_up() -> bool:
    """Say whether the person must first choose a password or set up a second factor."""
    who = me().staff
    lacks = current_desk().second_factor_required and not (who.has_second_factor or who.is_federated)
    return who.must_change or lacks


@staff.after_request
def keep_nowhere(response: Any) -> Any:
    """Keep every page of the console out of caches and search engines."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _to_sign_in() -> Response:
    if request.method != "GET" or request.accept_mimetypes.best == "application/json":
        abort(401)
    here = request.full_path.rstrip("?")
    return redirect(url_for("staff.sign_in", next=here if here != _HOME else None), 303)


def _check_token() -> None:
    cast(CSRFProtect, current_app.extensions["csrf"]).protect()
