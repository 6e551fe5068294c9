"""A body and secrets -> a signed request to somebody else's server.

Standard Webhooks (https://www.standardwebhooks.com): the headers webhook-id, webhook-timestamp and webhook-signature,
signed by the ``standardwebhooks`` package. Only to addresses of the open internet, which are looked up and checked for
each request, so that a name that leads elsewhere later gains nothing. It must not know where deliveries are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx2
from standardwebhooks import Webhook as Signer

from bot.errors import BotError, FetchError
from bot.syncing.addresses import CheckedTransport, check_address

_TIMEOUT_S = 10.0
_USER_AGENT = "conversational-explainer/0.1 (webhook)"
MOST_URL_CHARS = 2000


class NotSent(BotError):
    """It did not arrive; ``found`` says why, without anything of what was sent."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts to webhooks; ``trusted`` are hosts and ports that need be neither public nor encrypted."""

    trusted: frozenset[tuple[str, int]] = frozenset()

    def what_is_wrong(self, url: str) -> str | None:
        """Return why an address cannot be a webhook's, ``None`` if it can.

        :param url: as typed
        :returns: what was found
        """
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL:
            return "That is no address."
        if len(url) > MOST_URL_CHARS or parsed.userinfo:
            return f"An address has at most {MOST_URL_CHARS} characters, and no name or password in it."
        if parsed.scheme != "https" and (parsed.host, parsed.port or 80) not in self.trusted:
            return "Use an address that begins with https://."
        try:
            check_address(parsed, self.trusted)
        except FetchError as error:
            return f"That address cannot be used: {error.found}."
        return None

    def post(self, url: str, *, message_id: str, body: str, secrets: Sequence[str], now: datetime) -> None:
        """Send a body.

        :param url: where to
        :param message_id: the same for every try
        :param body: what is signed and sent
        :param secrets: each signs
        :param now: the time of the try
        :raises NotSent: unless a status of 2xx comes back; redirects are not followed
        """
        signatures = [Signer(secret).sign(message_id, now, body) for secret in secrets]
        headers = {
            "content-type": "application/json",
            "user-agent": _USER_AGENT,
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }
        fault = self.what_is_wrong(url)
        if fault is not None:
            raise NotSent(fault)
        try:
            with (
                httpx2.Client(transport=CheckedTransport(self.trusted), timeout=_TIMEOUT_S, trust_env=False) as client,
                # What comes back is not read: only whether it was taken counts.
                client.stream("POST", url, content=body.encode(), headers=headers) as response,
            ):
                status = response.status_code
        except BotError as error:
            raise NotSent(error.found if isinstance(error, FetchError) else type(error).__name__) from error
        except (httpx2.HTTPError, OSError, ValueError) as error:
            raise NotSent(type(error).__name__) from error
        if not 200 <= status < 300:
            raise NotSent(f"the server answered {status}")
