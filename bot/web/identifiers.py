"""Make and recognise the opaque names of conversations and turns, and the tokens that go with them.

They are 128 bits in URL-safe base64, so that nobody can guess another family's conversation. Knows nothing of what the
names stand for.
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
    """Return a fresh name of 22 characters that cannot be guessed."""
    return secrets.token_urlsafe(_IDENTIFIER_BYTES)


def derived_identifier(key: str, purpose: str) -> str:
    """Return the name of a key for one purpose, always the same; it reveals neither the key nor its other names."""
    digest = hashlib.sha256(f"{purpose}\0{key}".encode()).digest()[:_IDENTIFIER_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_identifier(text: str) -> bool:
    """Say whether ``text`` has the form of a name that this service makes."""
    return _IDENTIFIER.fullmatch(text) is not None
