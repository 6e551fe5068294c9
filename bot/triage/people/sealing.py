"""Secrets of the console -> sealed with a key made of the deployment's own, and opened with any that it had.

In: the deployment's secrets, the present one first, and what is sealed for. Out: bytes and text. It must not know what
it seals.

    SealedWithAnotherSecret   something that none of today's secrets opens
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import BotError


class SealedWithAnotherSecret(BotError):
    """Something was sealed with a secret that is not there any more."""

    def __init__(self) -> None:
        super().__init__("Sealed with another secret. Put the one before back, at the end of BOT_SECRET_KEY.")


class SecretSealer:
    """Seals with the first secret and opens with any, so that secrets can be changed while what is sealed is kept."""

    def __init__(self, purpose: str, secrets: Sequence[str]) -> None:
        """What is sealed for one purpose is not opened for another.

        :param purpose: such as ``webhooks``
        :param secrets: the one to seal with first, then earlier ones
        """
        self._fernet = MultiFernet([_key(purpose, secret) for secret in secrets])

    def seal(self, text: str) -> bytes:
        """Return text as bytes that say nothing."""
        return self._fernet.encrypt(text.encode())

    def seal_again(self, sealed: bytes) -> bytes:
        """Return the same, sealed with the first secret; raises as ``open``."""
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
