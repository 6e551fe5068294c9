"""Short-lived tokens that say on whose pages a chat is: made with the frame's own page, sent back with each call.

Signed by itsdangerous (HMAC-SHA256), not encrypted: a token holds a site's public id and a time, nothing of the
visitor. It keeps a chat to the site whose list of origins its frame was allowed by; it is no proof of who asks, since
anybody can load the page that carries it. In: a secret. Out: tokens, and what they say. It must not know requests.

    TokenInvalid           no token of ours
    TokenExpired           one of ours that is too old
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.errors import BotError

LIFE_S = 3_600
# A page that was left open overnight gets a fresh token for its old one, and a form without script is still taken.
RENEWABLE_S = 86_400
# The clocks of two nodes differ: a token that another has just made is from our future, and no older for it.
LEEWAY_S = 60
# A signature of ours for another purpose must never be a token.
_PURPOSE = "explainer-frame-token"


class TokenInvalid(BotError):
    """A text that is no token of ours."""

    def __init__(self) -> None:
        super().__init__("That is no token of this service. Take the one of a page that was just loaded.")


class TokenExpired(BotError):
    """A token that is too old."""

    def __init__(self) -> None:
        super().__init__("The token is too old. Exchange it for a fresh one, or load the page again.")


class FrameTokens:
    """Makes and reads the tokens of one deployment; workers that share the secret read each other's."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Tokens that were made with an earlier secret are good until they are too old.

        :param secrets: the one to sign with first, then earlier ones.
        """
        self._signer = URLSafeTimedSerializer(
            # itsdangerous signs with the last.
            list(reversed(secrets)),
            salt=_PURPOSE,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def issue(self, site_id: str) -> str:
        """Return a fresh token for the frame of a site."""
        return self._signer.dumps(site_id)

    def site_of(self, token: str, *, max_age_s: int = LIFE_S) -> str:
        """Return the id of the site that a token was made for.

        :param max_age_s: older ones are not taken.
        :returns: the id of a site that was there when the token was made.
        :raises TokenInvalid: when it was not made with this secret.
        :raises TokenExpired: when it is older.
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
