"""Make the keys that a partner's own server sends, and hash them.

A key is shown once and kept only as a hash. Knows nothing of where hashes are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PREFIX = "key_"
_RANDOM_BYTES = 32
# Long enough for a partner to switch its servers during working hours, short enough for a key that has leaked.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class SiteKey:
    """What is stored about a key, never the key itself; ``expires_at`` is set once a new key has replaced it."""

    digest: str
    site_id: str
    made_at: datetime
    expires_at: datetime | None = None
    last_used_on: date | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Say whether the key is valid at a moment."""
        return self.expires_at is None or moment < self.expires_at


def new_key() -> str:
    """Return a fresh key of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(key: str) -> str:
    """Return the hash of a key, by which it is stored and looked up, in 64 hexadecimal digits.

    A single SHA-256 is enough: slow hashes protect passwords, which can be guessed; 256 random bits cannot, and every
    question waits for the look-up. Its timing reveals nothing either: nobody can steer a hash towards another.
    """
    return hashlib.sha256(key.encode()).hexdigest()
