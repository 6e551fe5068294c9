"""What the views of the console share.

Comes in: finished objects from wiring. Goes out: a frozen record kept on the application. It must not know of requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from bot.triage.people.accounts import AccountStore
from bot.triage.people.audit import AuditLog
from bot.triage.people.signing import SignIn

_KEY = "staff_desk"


@dataclass(frozen=True, slots=True)
class Desk:
    """Accounts, signing in, the audit log, and how strict the console is."""

    secret_key: str
    accounts: AccountStore
    signing: SignIn
    audit: AuditLog
    secure_cookies: bool = False
    second_factor_required: bool = False


def keep_desk(extensions: dict[str, object], desk: Desk) -> None:
    """Puts the desk where :func:`current_desk` finds it."""
    extensions[_KEY] = desk


def current_desk() -> Desk:
    """The desk of the application that handles the current request."""
    return cast(Desk, current_app.extensions[_KEY])
