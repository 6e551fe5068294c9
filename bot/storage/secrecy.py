"""Seal a contact into bytes that only the holder of a key can read, and open it again.

Uses Fernet (AES-128 in CBC mode, HMAC-SHA256) from the ``cryptography`` package. Knows nothing of where either is kept.

    SealedWithAnotherKey   something that none of today's keys opens
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import BotError


class SealedWithAnotherKey(BotError):
    """A contact was sealed with a key that is gone, or it was changed."""

    def __init__(self) -> None:
        super().__init__("A contact cannot be read with the keys in BOT_CONTACT_KEY. Put the key that sealed it back.")


class Sealer:
    """A sealer that uses the first key to seal and any key to open, so that keys can change while contacts are kept."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Make a sealer from one or more keys of ``Fernet.generate_key()``.

        :param keys: the one to seal with first, then earlier ones
        """
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> bytes:
        """Return text as bytes that reveal only its length and when it was sealed; never the same twice."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text that was sealed.

        :param sealed: from ``seal``, by any of the keys
        :raises SealedWithAnotherKey: if no key opens it
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise SealedWithAnotherKey from None
