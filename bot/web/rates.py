"""How many questions a minute a client and a site may ask, counted by Flask-Limiter.

Comes in: the site of the current request, and where counts are kept. Goes out: nothing, or RateLimitExceeded; and
headers on the response that say how much is left. A client's address is nowhere kept or logged: what is counted is an
HMAC of it, whose secret is forgotten when the server ends unless workers of several machines count together.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded

from bot.sites.site import Site

MEMORY = "memory://"
WINDOW_S = 60
# Far more than a family mistypes, far fewer than finds one of the codes of bot/conversing/codes.py.
_GUESSES = 10
# A question must not wait for the counting of it: a server that does not answer at once is down.
_OPTIONS: dict[str, str | int] = {"socket_timeout": 1, "socket_connect_timeout": 1}
# An IPv6 network of one household or one telephone has this many bits; within it, addresses are free to choose.
_IPV6_BITS = 64


class Rates:
    """Counts the questions of one application."""

    def __init__(self, app: Flask, *, storage: str, salt: bytes, site: Callable[[], Site]) -> None:
        """While the storage does not answer, each worker counts alone.

        :param app: gets the headers on its responses
        :param storage: where counts are kept, ``memory://`` or ``redis://…``
        :param salt: makes names of addresses; all that count together have the same
        :param site: gives the site of the current request
        """
        self._salt = salt
        self._site = site
        self._limiter = Limiter(
            self._client,
            app=app,
            storage_uri=storage,
            storage_options=_OPTIONS if storage != MEMORY else {},
            strategy="fixed-window",
            key_prefix="explainer",
            headers_enabled=False,
            in_memory_fallback_enabled=storage != MEMORY,
        )
        by_site = self._limiter.shared_limit(self._limit_of_site, scope="site", key_func=self._site_id)
        by_client = self._limiter.shared_limit(
            self._limit_of_client, scope="client", key_func=self._client, exempt_when=_is_a_server
        )
        # Checked when it is called: which site it is about is known only after the request was read.
        self._count: Callable[[], None] = by_site(by_client(_counted))
        guesses = self._limiter.shared_limit(_per_minute(_GUESSES), scope="guess", key_func=self._client)
        self._count_guess: Callable[[], None] = guesses(_tried)
        app.after_request(self._say)

    def count(self) -> None:
        """Count the current request; raises RateLimitExceeded when it is one too many."""
        self._count()

    def count_guess(self) -> None:
        """Count a try with a code, which might be a guess; raises RateLimitExceeded when it is one too many."""
        self._count_guess()

    def _limit_of_site(self) -> str:
        return _per_minute(self._site().site_per_minute)

    def _limit_of_client(self) -> str:
        return _per_minute(self._site().client_per_minute)

    def _site_id(self) -> str:
        return self._site().id

    def _client(self) -> str:
        """A name for the client on this site that leads back to no address."""
        text = f"{self._site().id} {_network(request.remote_addr or '')}"
        return hmac.new(self._salt, text.encode(), hashlib.sha256).hexdigest()

    def _say(self, response: Response) -> Response:
        """Say how much is left, of the limit that is nearest to its end."""
        counted = self._limiter.current_limits
        if counted:
            nearest = min(counted, key=lambda limit: (not limit.breached, limit.remaining))
            wait_s = max(1, math.ceil(nearest.window.reset_time - time.time()))
            response.headers["RateLimit-Limit"] = str(nearest.limit.amount)
            response.headers["RateLimit-Remaining"] = str(max(0, nearest.remaining))
            response.headers["RateLimit-Reset"] = str(wait_s)
            response.headers["RateLimit-Policy"] = f"{nearest.limit.amount};w={WINDOW_S}"
            if response.status_code == RateLimitExceeded.code:
                response.headers["Retry-After"] = str(wait_s)
        return response


def _counted() -> None:
    """What is counted; Flask-Limiter needs a function to stand before."""


def _tried() -> None:
    """What is counted of tries with a code."""


def _is_a_server() -> bool:
    """A partner's server asks for many families from one address; only the limit of its site holds for it."""
    return bool(g.get("by_key", False))


def _per_minute(number: int) -> str:
    return f"{number} per minute" if number else ""


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{int(parsed) >> (128 - _IPV6_BITS):x}"
    # A server that listens on both kinds sees IPv4 addresses written as IPv6 ones, all of one network.
    return str(parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed)
