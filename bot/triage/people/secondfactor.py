"""Make, seal and check the secrets of authenticator apps; each code is accepted once.

Knows nothing of HTTP.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

import pyotp

from bot.triage.people.sealing import SealedWithAnotherSecret, SecretSealer

log = logging.getLogger("bot")
_STEP_S = 30
# Allows for a clock that is half a minute off, or a code typed in its last second.
_STEPS_OFF = (0, -1, 1)


class SecondFactor:
    """The second factors: seals secrets with keys derived from the deployment's own, and checks codes against them."""

    def __init__(self, secret_keys: Sequence[str], issuer: str) -> None:
        self.sealer = SecretSealer("second factor", secret_keys)
        self._issuer = issuer

    def seal(self, secret: str) -> bytes:
        """Return a secret as it is stored."""
        return self.sealer.seal(secret)

    def address(self, secret: str, name: str) -> str:
        """Return the ``otpauth:`` address that an app reads from a picture."""
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=self._issuer)

    def step_of(self, code: str, sealed: bytes, *, now: datetime, used: int | None) -> int | None:
        """Return the time step of a sealed secret's code; ``None`` if it is wrong, or not newer than the last one used.

        :param sealed: from ``seal``
        :param used: the step of the last accepted code
        """
        try:
            secret = self.sealer.open(sealed)
        except SealedWithAnotherSecret as error:
            # Nobody gets in; the person sees the usual refusal, and the operator this.
            log.error("A second factor cannot be checked. %s", error)
            return None
        return step_of(code, secret, now=now, used=used)


def new_secret() -> str:
    """Return a secret of 160 random bits in base 32."""
    return pyotp.random_base32()


def step_of(code: str, secret: str, *, now: datetime, used: int | None = None) -> int | None:
    """Return the time step of a secret's code; as ``SecondFactor.step_of``."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_S
    for step in (present + off for off in _STEPS_OFF):
        if (used is None or step > used) and totp.verify(typed, for_time=step * _STEP_S):
            return step
    return None
