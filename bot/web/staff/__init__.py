"""The console: pages for the people who read what families ask, and answer it.

Comes in: a ``Desk``, which joins what the console works with. Goes out: a blueprint on the application.
"""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from bot.web.staff import (
    account,
    audit,
    canned,
    conversations,
    curated,
    drafting,
    errors,
    explaining,
    gaps,
    labels,
    overview,
    people,
    presence,
    presentation,
    queue,
    replying,
    safety,
    settings,
    signing_in,
    sites,
    suggesting,
    tickets,
    unsent,
    webhooks,
)
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import Desk, ShownSetting, keep_desk
from bot.web.staff.guard import person_of

__all__ = ["Desk", "ShownSetting", "add_console"]

# Whatever makes routes of the blueprint when it is imported.
_VIEWS = (
    account,
    audit,
    canned,
    conversations,
    curated,
    drafting,
    errors,
    explaining,
    gaps,
    labels,
    overview,
    people,
    presence,
    presentation,
    queue,
    replying,
    safety,
    settings,
    signing_in,
    sites,
    suggesting,
    tickets,
    unsent,
    webhooks,
)


def add_console(app: Flask, desk: Desk) -> None:
    """Puts the console on an application."""
    keep_desk(app.extensions, desk)
    app.config.update(
        SECRET_KEY=desk.secret_keys[0],
        # Whoever was signed in before a change of the secret stays so.
        SECRET_KEY_FALLBACKS=list(desk.secret_keys[1:]),
        SESSION_COOKIE_NAME="staff",
        # Public pages never see it, and no other site's form brings it along.
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=desk.secure_cookies,
        # The token lives as long as the session; the guard asks for it, and it alone, so that the API goes without.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    CSRFProtect(app)
    # Set here and not by its init_app, which would read the session on every public page to look for a cookie that
    # remembers people; there is none.
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(person_of)
    app.login_manager = manager  # type: ignore[attr-defined]
    app.register_blueprint(staff)
