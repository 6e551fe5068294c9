"""Import all the tables of this package, so that the check that a database is up to date covers them."""

from __future__ import annotations

from bot.triage.curating.tables import Curated, CuratedClock, CuratedVersion
from bot.triage.people.tables import Account, Attempt, RecoveryCode, Secret, Session
from bot.triage.telling.tables import Delivery, Webhook
from bot.triage.tickets.tables import (
    Asking,
    CannedReply,
    Presence,
    QueueClock,
    SavedView,
    Ticket,
    TicketEvent,
    TicketLabel,
    Undo,
    Unsent,
)

__all__ = [
    "Account",
    "Asking",
    "Attempt",
    "CannedReply",
    "Curated",
    "CuratedClock",
    "CuratedVersion",
    "Delivery",
    "Presence",
    "QueueClock",
    "RecoveryCode",
    "SavedView",
    "Secret",
    "Session",
    "Ticket",
    "TicketEvent",
    "TicketLabel",
    "Undo",
    "Unsent",
    "Webhook",
]
