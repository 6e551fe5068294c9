"""Keys with which a partner's own server asks: made once, shown once, kept as a hash.

In: nothing, or a key as sent. Out: keys and hashes. It must not know where hashes are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PREFIX = "key_"
_RANDOM_BYTES = 32
# Long enough for a partner to change its servers over by day, short enough for a key that was read by somebody.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SiteKey:
    """What is known of a key: never the key. ``expires_at`` is set once another took its place."""

    digest: str
    site_id: str
    made_at: datetime
    expires_at: datetime | None = None
    last_used_on: date | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Whether the key is good at a moment."""
        return self.expires_at is None or moment < self.expires_at


def new_key() -> str:
    """Return a fresh key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(key: str) -> str:
    """Return what is kept of a key, and what it is looked up by.

    One SHA-256 is right here: slow hashes protect passwords, which can be guessed; 256 random bits cannot, and the
    look-up is on the way of every question. Nor does its time tell anything: nobody can steer a hash towards another.

    :returns: 64 hexadecimal digits.
    """
    return hashlib.sha256(key.encode()).hexdigest()
