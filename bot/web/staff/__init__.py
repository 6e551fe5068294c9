"""Add the console to an application: pages for the people who read what families ask, and answer it."""

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

# The modules that add routes to the blueprint when they are imported.
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
    """Add the console to an application."""
    keep_desk(app.extensions, desk)
    app.config.update(
        SECRET_KEY=desk.secret_keys[0],
        # People who were signed in before the secret changed stay signed in.
        SECRET_KEY_FALLBACKS=list(desk.secret_keys[1:]),
        SESSION_COOKIE_NAME="staff",
        # Public pages never see the cookie, and no other site's form sends it.
        SESSION_COOKIE_PATH="/staff",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=desk.secure_cookies,
        # The token lives as long as the session. Only the guard checks it, so that the API needs none.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    CSRFProtect(app)
    # Set here and not by its init_app, which would read the session on every public page to look for a remember-me
    # cookie; there is none.
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(person_of)
    app.login_manager = manager  # type: ignore[attr-defined]
    app.register_blueprint(staff)
