"""Who may do what: each view says for whom it is, and one that says nothing is refused to everybody.

Comes in: requests under ``/staff``. Goes out: the same, or a redirect to sign in, or a refusal. Changes are only made
by POST, with the token against forged forms.
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
    """Somebody who is signed in, as Flask-Login wants to see it; named by the token of the session, not the account."""

    is_authenticated, is_active, is_anonymous = True, True, False

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self._token = token
        self.signed_in = signed_in

    def get_id(self) -> str:
        """What the cookie holds."""
        return self._token


def for_role(role: Role, *, before_set_up: bool = False) -> Callable[[View], View]:
    """Lets a role, and those above it, use a view.

    :param before_set_up: also before the person has chosen a password and, where it must be, a second factor
    """

    def mark(view: View) -> View:
        setattr(view, _FOR, role)
        setattr(view, _EARLY, before_set_up)
        return view

    return mark


def for_anybody(view: View) -> View:
    """Lets everybody use a view, signed in or not."""
    setattr(view, _FOR, ANYBODY)
    return view


def for_whom(view: Callable[..., Any]) -> str | None:
    """For whom a view is, ``None`` if it does not say."""
    return getattr(view, _FOR, None)


def is_for(view: Callable[..., Any], who: Staff) -> bool:
    """Whether somebody who is signed in may use a view."""
    whom = for_whom(view)
    return whom is not None and (whom == ANYBODY or who.may(cast(Role, whom)))


def person_of(token: str) -> Person | None:
    """The person whose session has this token."""
    found = current_desk().signing.sessions.find(token)
    return None if found is None else Person(token, found)


def me() -> SignedIn:
    """Who makes the current request; only in views that are not for anybody."""
    return cast(Person, current_user._get_current_object()).signed_in


def let_in(token: str) -> None:
    """Begins the session of a token in this browser; nothing of what the browser had before stays."""
    session.clear()
    # A clock that jumps in this moment leaves a session that is over; whoever comes with it is asked to sign in again.
    if (person := person_of(token)) is not None:
        login_user(person)


def own_path(given: str | None) -> str:
    """A path to go on to, if it is one of the console's; anything else leads to its first page."""
    if not given or "\\" in given or any(ord(letter) < 33 for letter in given):
        return _HOME
    parts = urlsplit(given)
    own = not parts.scheme and not parts.netloc and parts.path.startswith(_HOME) and ".." not in parts.path
    return given if own else _HOME


@staff.before_request
def guard() -> Response | None:
    """Refuses what is not for whoever asks."""
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
    """Whether the person must first choose a password or set up a second factor."""
    who = me().staff
    lacks = current_desk().second_factor_required and not (who.has_second_factor or who.is_federated)
    return who.must_change or lacks


@staff.after_request
def keep_nowhere(response: Any) -> Any:
    """No page of the console stays in a cache or in the list of what was searched."""
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
