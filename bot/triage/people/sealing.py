"""Seal secrets of the console with a key derived from the deployment's own, and open them with any it has had.

Knows nothing of what it seals.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import BotError


class SealedWithAnotherSecret(BotError):
    """Something was sealed with a secret that is no longer configured."""

    def __init__(self) -> None:
        super().__init__("Sealed with another secret. Put the one before back, at the end of BOT_SECRET_KEY.")


class SecretSealer:
    """A sealer that seals with the first secret and opens with any, so that secrets can change while data stays."""

    def __init__(self, purpose: str, secrets: Sequence[str]) -> None:
        """Derive the keys for one purpose; what is sealed for it cannot be opened for another.

        :param purpose: such as ``webhooks``
        :param secrets: the one to seal with first, then earlier ones
        """
        self._fernet = MultiFernet([_key(purpose, secret) for secret in secrets])

    def seal(self, text: str) -> bytes:
        """Return the text encrypted."""
        return self._fernet.encrypt(text.encode())

    def seal_again(self, sealed: bytes) -> bytes:
        """Return the same text sealed with the first secret.

        :raises SealedWithAnotherSecret: if none of the secrets opens it
        """
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken:
            raise SealedWithAnotherSecret from None

    def open(self, sealed: bytes) -> str:
        """Return the text that was sealed.

        :param sealed: from ``seal``, with any of the secrets
        :raises SealedWithAnotherSecret: if none opens it
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealedWithAnotherSecret from None


def _key(purpose: str, secret: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose}\0{secret}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
