"""Post a signed request to somebody else's server.

Follows Standard Webhooks (https://www.standardwebhooks.com): the headers webhook-id, webhook-timestamp and
webhook-signature, signed by the ``standardwebhooks`` package. Posts only to addresses of the open internet, resolved
and checked for each request, so that a name that later leads elsewhere gains nothing. Knows nothing of where deliveries
are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx2
from standardwebhooks import Webhook as Signer

from bot.errors import BotError, FetchError
from bot.syncing.addresses import CheckedTransport, check_address
from bot.triage.telling.deadline import Deadline

_TIMEOUT_S = 10.0
_MOST_WAIT_S = 86_400.0
_ASKS_TO_WAIT = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_USER_AGENT = "conversational-explainer/0.1 (webhook)"
MOST_URL_CHARS = 2000


class NotSent(BotError):
    """A delivery that did not arrive.

    ``found`` says why, without anything of what was sent. ``wait_s`` is how long the receiver asks to be left alone;
    ``is_gone`` is whether it says that it is gone for good.
    """

    def __init__(self, found: str, *, wait_s: float = 0.0, is_gone: bool = False) -> None:
        self.found, self.wait_s, self.is_gone = found, wait_s, is_gone
        super().__init__(found)


@dataclass(frozen=True, slots=True)
class Poster:
    """A client that posts to webhooks.

    ``trusted`` are hosts and ports that need be neither public nor encrypted; ``deadline_s`` is the total time of one
    attempt.
    """

    trusted: frozenset[tuple[str, int]] = frozenset()
    deadline_s: float = _TIMEOUT_S

    def what_is_wrong(self, url: str) -> str | None:
        """Return why an address cannot be a webhook's, ``None`` if it can."""
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

        :param secrets: each signs it
        :raises NotSent: unless a 2xx status comes back; redirects are not followed
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
        status, retry_after = self._answered(url, body, headers)
        if not 200 <= status < 300:
            wait_s = _seconds_of(retry_after, now) if status in _ASKS_TO_WAIT else 0.0
            raise NotSent(f"the server answered {status}", wait_s=wait_s, is_gone=status == HTTPStatus.GONE)

    def _answered(self, url: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        """Return the status of the response and its Retry-After header."""
        deadline = Deadline(self.deadline_s)
        try:
            with (
                deadline,
                httpx2.Client(transport=CheckedTransport(self.trusted), timeout=_TIMEOUT_S, trust_env=False) as client,
                # The response body is not read: only the status counts.
                client.stream(
                    "POST", url, content=body.encode(), headers=headers, extensions={"trace": deadline.trace}
                ) as response,
            ):
                return response.status_code, response.headers.get("retry-after", "")
        except BotError as error:
            raise NotSent(error.found if isinstance(error, FetchError) else type(error).__name__) from error
        except (httpx2.HTTPError, OSError, ValueError) as error:
            late = f"no answer within {self.deadline_s:g} seconds"
            raise NotSent(late if deadline.passed else type(error).__name__) from error


def _seconds_of(retry_after: str, now: datetime) -> float:
    """Return the seconds of a Retry-After header, which has a number or a date; 0 for any other text."""
    text = retry_after.strip()
    try:
        asked = (
            float(text) if text.isascii() and text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(asked, 0.0), _MOST_WAIT_S)
