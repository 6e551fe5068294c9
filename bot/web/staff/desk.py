"""Hold what the views of the console share, as a frozen record on the application.

Knows nothing of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

from bot.sites.store import SiteStore
from bot.storage.audit import AuditLog
from bot.storage.comeback import ComeBack
from bot.storage.memory import TurnStore
from bot.triage.curating.curating import Curating
from bot.triage.curating.effects import Trials
from bot.triage.people.accounts import AccountStore
from bot.triage.people.signing import SignIn
from bot.triage.replying.contacts import Contacts
from bot.triage.replying.replies import Replies
from bot.triage.seeing.gaps import Gaps
from bot.triage.seeing.overview import Overviews
from bot.triage.telling.courier import Courier
from bot.triage.telling.posting import Poster
from bot.triage.telling.webhooks import Webhooks
from bot.triage.tickets.changing import Changes
from bot.triage.tickets.intake import Intake
from bot.triage.tickets.keeping import Keeping
from bot.triage.tickets.presence import Presences
from bot.triage.tickets.queue import Queue
from bot.triage.tickets.reading import Tickets
from bot.triage.tickets.regrouping import Regrouping
from bot.triage.tickets.unsent import Unsents

if TYPE_CHECKING:
    # Imported only where a deployment has its own sign-in.
    from bot.triage.people.federating import Federating
    from bot.triage.people.oidc import OpenIdConnect

_KEY = "staff_desk"


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting as admins may see it."""

    name: str
    value: str
    help: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What the console works with: people, the audit log, tickets, answers, webhooks and its settings."""

    secret_keys: Sequence[str]
    accounts: AccountStore
    signing: SignIn
    audit: AuditLog
    intake: Intake
    queue: Queue
    tickets: Tickets
    changes: Changes
    keeping: Keeping
    regrouping: Regrouping
    unsents: Unsents
    presences: Presences
    replies: Replies
    contacts: Contacts
    come_back: ComeBack
    curating: Curating
    trials: Trials
    overviews: Overviews
    gaps: Gaps
    webhooks: Webhooks
    poster: Poster
    courier: Courier
    sites: SiteStore
    turns: TurnStore
    settings: Sequence[ShownSetting] = ()
    retention_days: int = 30
    secure_cookies: bool = False
    second_factor_required: bool = False
    provider: OpenIdConnect | None = None
    federating: Federating | None = None


def keep_desk(extensions: dict[str, object], desk: Desk) -> None:
    """Store the desk where :func:`current_desk` finds it."""
    extensions[_KEY] = desk


def current_desk() -> Desk:
    """Return the desk of the application that handles the current request."""
    return cast(Desk, current_app.extensions[_KEY])
