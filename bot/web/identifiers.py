"""Opaque names for conversations and turns, and the tokens that go with them.

Comes in: nothing, or a name to look at. Goes out: 128 random bits in URL-safe base64, so that nobody can guess another
family's conversation. It must not know what the names stand for.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

IDENTIFIER_PATTERN = "^[A-Za-z0-9_-]{22}$"
_IDENTIFIER = re.compile(IDENTIFIER_PATTERN)
_IDENTIFIER_BYTES = 16


def new_identifier() -> str:
    """A fresh name of 22 characters that cannot be guessed."""
    return secrets.token_urlsafe(_IDENTIFIER_BYTES)


def derived_identifier(key: str, purpose: str) -> str:
    """The name of that purpose for a key, the same each time; from it nobody finds the key or its other names."""
    digest = hashlib.sha256(f"{purpose}\0{key}".encode()).digest()[:_IDENTIFIER_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_identifier(text: str) -> bool:
    """Whether ``text`` has the form of a name that this service makes."""
    return _IDENTIFIER.fullmatch(text) is not None
