"""Make and read the short-lived tokens that say on whose pages a chat is shown.

A token is issued with the frame's page and sent back with each call. It is signed by itsdangerous (HMAC-SHA256), not
encrypted: it holds a site's public id and a time, nothing of the visitor. It ties a chat to the site whose origins
allowed its frame, but does not prove who asks: anybody can load the page that carries it. Knows nothing of requests.

    TokenInvalid           not a token of ours
    TokenExpired           a token of ours that is too old
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.errors import BotError

LIFE_S = 3_600
# A page left open overnight can exchange its old token, and its form without script is still accepted.
RENEWABLE_S = 86_400
# The clocks of two nodes differ: a token that another node has just made may lie in our future.
LEEWAY_S = 60
# A signature made for another purpose must never pass as a token.
_PURPOSE = "explainer-frame-token"


class TokenInvalid(BotError):
    """A text that is not a token of ours."""

    def __init__(self) -> None:
        super().__init__("That is no token of this service. Take the one of a page that was just loaded.")


class TokenExpired(BotError):
    """A token that is too old."""

    def __init__(self) -> None:
        super().__init__("The token is too old. Exchange it for a fresh one, or load the page again.")


class FrameTokens:
    """The tokens of one deployment; workers with the same secret read each other's."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Prepare to sign with the first secret; tokens made with the others are valid until they are too old.

        :param secrets: the one to sign with, then earlier ones.
        """
        self._signer = URLSafeTimedSerializer(
            # itsdangerous signs with the last one.
            list(reversed(secrets)),
            salt=_PURPOSE,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def issue(self, site_id: str) -> str:
        """Return a fresh token for the frame of a site."""
        return self._signer.dumps(site_id)

    def site_of(self, token: str, *, max_age_s: int = LIFE_S) -> str:
        """Return the id of the site that a token was made for.

        :param max_age_s: older tokens are refused.
        :returns: a site that existed when the token was made.
        :raises TokenInvalid: when it was not made with one of these secrets.
        :raises TokenExpired: when it is too old.
        """
        try:
            site_id, made = self._signer.loads(token, return_timestamp=True)
        except BadData:
            raise TokenInvalid from None
        age_s = time.time() - made.timestamp()
        if not isinstance(site_id, str) or age_s < -LEEWAY_S:
            raise TokenInvalid
        if age_s > max_age_s:
            raise TokenExpired
        return site_id
