"""Define what is remembered of a turn.

Knows nothing of how it is stored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One answered question.

    ``asked_at`` has a time zone. ``confidence`` is in 0..1. ``feedback_token_hash`` is the SHA-256 of the token that
    came with the answer; the token itself is never stored. ``site`` is ``None`` for our own pages. ``question`` is what
    was typed, ``understood`` what it was read as in its conversation, ``answer`` the JSON that was sent, without
    tokens, ``trace`` the JSON of how the answer came about; as stored, all four are without personal details.
    """

    id: str
    conversation_id: str
    asked_at: datetime
    build: str
    status: str
    confidence: float
    site: str | None = None
    feedback_token_hash: str | None = None
    question: str | None = None
    understood: str | None = None
    answer: str | None = None
    trace: str | None = None


def token_hash(token: str) -> str:
    """Return the hash under which a feedback token is stored; its 128 random bits make a plain hash irreversible.

    :returns: 64 hexadecimal digits.
    """
    return hashlib.sha256(token.encode()).hexdigest()
