"""Limit how many questions a minute a client and a site may ask, counted by Flask-Limiter.

Responses get headers that say how much is left. A client's address is never kept or logged: an HMAC of it is counted,
whose secret is forgotten when the server ends unless workers of several machines count together.

Somebody who does not want to be counted as one client has a whole IPv6 network to ask from: /64s, which cost nothing,
are counted together by /56 and by /48, with more room, so that nobody uses up a site's limit from one line.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import time
from collections.abc import Callable, Sequence
from functools import partial, wraps
from http import HTTPStatus
from typing import TypeVar

from flask import Flask, Response, g, request
from flask_limiter import Limiter, RequestLimit
from flask_limiter.errors import RateLimitExceeded

from bot.sites.site import Site
from bot.web.networks import ipv6_of, network_of
from bot.web.windows import STEADY, WINDOW_S

MEMORY = "memory://"
T = TypeVar("T")
_log = logging.getLogger("bot.web")
# Far more than a family mistypes, far fewer than it takes to guess a code of bot/storage/codes.py.
_GUESSES = 10
# A question must not wait to be counted: a storage server that does not answer at once counts as down.
_OPTIONS: dict[str, str | int] = {"socket_timeout": 1, "socket_connect_timeout": 1}
# An IPv6 network of one household or one telephone has this many bits; within it, addresses are free to choose.
_IPV6_BITS = 64
# The networks of one contract and of one organisation, with how many times the questions of one client each may ask: a
# provider that puts many telephones into one /48 must not be shut out by a few of them.
_WIDER = ((56, 2), (48, 4))
# The last third of a site's limit is for networks that ask this seldom: a flood from many networks shuts those
# networks out, but no family that writes now and then.
_SELDOM, _OPEN_SHARE = 6, 2 / 3
# Staff sign in a few times a day; more attempts a minute from one network are guesses.
_SIGN_INS = 10
# All cries for help past the limits are answered; this many a minute are also stored and become tickets.
_URGENT_KEPT = 10


def _also_when_storage_goes(count: Callable[[Rates], T]) -> Callable[[Rates], T]:
    """Count once more when the storage fails during a count.

    Flask-Limiter counts on its own from the first request that finds the storage gone, but raises for the other threads
    that were asking it at that moment (``Limiter._check_request_limit``, 4.1.1).
    """

    @wraps(count)
    def counted(rates: Rates) -> T:
        try:
            return count(rates)
        except rates.storage_errors:
            return count(rates)

    return counted


class Rates:
    """The counters of one application's requests."""

    def __init__(self, app: Flask, *, storage: str, salt: bytes, site: Callable[[], Site]) -> None:
        """Set up the limits; while the storage does not answer, each worker counts on its own.

        :param storage: where counts are kept, ``memory://`` or ``redis://…``
        :param salt: turns addresses into names; shared by all that count together
        """
        self._salt = salt
        self._site = site
        self._limiter = Limiter(
            self._client,
            app=app,
            storage_uri=STEADY if storage == MEMORY else storage,
            storage_options=_OPTIONS if storage != MEMORY else {},
            strategy="fixed-window",
            key_prefix="explainer",
            headers_enabled=False,
            in_memory_fallback_enabled=storage != MEMORY,
        )
        by_site = self._limiter.shared_limit(self._limit_of_site, scope="site", key_func=self._site_id)
        # Limits are read at each call: the site is known only after the request was read.
        self._count_client: Callable[[], None] = self._by_client("client", _counted)
        # Most clients are in no wider network.
        self._count_client_alone: Callable[[], None] = self._by_client("client", _counted_alone, wider=())
        self._count_site: Callable[[], None] = by_site(_counted_of_site)
        often = self._limiter.shared_limit(
            self._open_limit_of_site, scope="open", key_func=self._site_id, exempt_when=_is_a_server
        )
        self._count_open: Callable[[], None] = often(_asked_often)
        seldom = self._limiter.shared_limit(self._seldom_of_site, scope="seldom", key_func=self.caller)
        self._count_seldom: Callable[[], None] = seldom(_asked_seldom)
        # A vote takes nothing from the questions of others, and a refused vote takes nothing from their votes either.
        remarks = self._limiter.shared_limit(
            self._limit_of_site, scope="remark-site", key_func=self._site_id, deduct_when=_was_taken
        )
        self._count_remark: Callable[[], None] = remarks(self._by_client("remark", _remarked))
        guesses = self._limiter.shared_limit(_per_minute(_GUESSES), scope="guess", key_func=self._client)
        self._count_guess: Callable[[], None] = guesses(_tried)
        sign_ins = self._limiter.shared_limit(_per_minute(_SIGN_INS), scope="sign-in", key_func=self.caller)
        self._count_sign_in: Callable[[], None] = sign_ins(_knocked)
        urgent = self._limiter.shared_limit(_per_minute(_URGENT_KEPT), scope="urgent", key_func=self.caller)
        self._count_urgent: Callable[[], None] = urgent(_cried)
        app.after_request(self._say)

    @property
    def storage_errors(self) -> tuple[type[Exception], ...]:
        """Return the exceptions that mean the storage of counts does not answer."""
        errors = self._limiter.storage.base_exceptions
        return errors if isinstance(errors, tuple) else (errors,)

    def _by_client(
        self, scope: str, counted: Callable[[], None], *, wider: Sequence[tuple[int, int]] = _WIDER
    ) -> Callable[[], None]:
        """Wrap ``counted`` to count by client and by its networks; a refusal is not counted against the site."""
        by_client = self._limiter.shared_limit(
            self._limit_of_client, scope=scope, key_func=self._client, exempt_when=_is_a_server
        )
        counted = by_client(counted)
        for bits, times in wider:
            by_network = self._limiter.shared_limit(
                partial(self._limit_of_client, times), scope=f"{scope}-{bits}", key_func=partial(self._client, bits),
                exempt_when=_has_no_wider_network,
            )  # fmt: skip
            counted = by_network(counted)
        return counted

    @_also_when_storage_goes
    def count(self) -> None:
        """Count the current request as a question; raise RateLimitExceeded when it is one too many."""
        # Checking a limit takes as long as a step of the answer, so nothing without a limit is checked.
        g.rate_limits = [*self._limits_of_client(), *self._limits_of_site()]

    def _limits_of_client(self) -> list[RequestLimit]:
        """Count the client first, so that one that is refused takes nothing from the site."""
        if not self._site().client_per_minute or _is_a_server():
            return []
        if _has_no_wider_network():
            self._count_client_alone()
        else:
            self._count_client()
        return [*self._limiter.current_limits]

    def _limits_of_site(self) -> list[RequestLimit]:
        """Count the site; headers show its own limit, not the limits that share it out."""
        if not self._site().site_per_minute:
            return []
        asks_seldom = _allows(self._count_seldom)
        if not _allows(self._count_open) and not asks_seldom:
            self._count_open()
        self._count_site()
        return [*self._limiter.current_limits]

    @_also_when_storage_goes
    def count_remark(self) -> None:
        """Count a family's remark on an answer; raise RateLimitExceeded when it is one too many."""
        self._count_remark()

    @_also_when_storage_goes
    def count_sign_in(self) -> None:
        """Count an attempt to sign in to the console, by network; raise RateLimitExceeded when it is one too many."""
        self._count_sign_in()

    @_also_when_storage_goes
    def may_keep_urgent(self) -> bool:
        """Say whether a cry for help past the limits may be stored too, and count it; each network has a limit."""
        return _allows(self._count_urgent)

    def caller(self) -> str:
        """Return a name for the asking network, as wide as one organisation, that does not reveal its address."""
        return self._client(_WIDER[-1][0])

    @_also_when_storage_goes
    def count_guess(self) -> None:
        """Count an attempt with a code, which might be a guess; raise RateLimitExceeded when it is one too many."""
        self._count_guess()

    def _limit_of_site(self) -> str:
        return _per_minute(self._site().site_per_minute)

    def _seldom_of_site(self) -> str:
        return _per_minute(_SELDOM if self._site().site_per_minute else 0)

    def _open_limit_of_site(self) -> str:
        return _per_minute(math.ceil(_OPEN_SHARE * self._site().site_per_minute))

    def _limit_of_client(self, times: int = 1) -> str:
        return _per_minute(times * self._site().client_per_minute)

    def _site_id(self) -> str:
        return self._site().id

    def _client(self, bits: int = _IPV6_BITS) -> str:
        """Return a name for the client on this site that does not reveal its address."""
        text = f"{self._site().id} {network_of(request.remote_addr or '', bits)}"
        return hmac.new(self._salt, text.encode(), hashlib.sha256).hexdigest()

    def _say(self, response: Response) -> Response:
        """Set headers that say how much is left of the limit that is nearest to its end."""
        try:
            response.headers.update(self._left(response.status_code))
        except self.storage_errors:
            # The storage failed after it counted. The answer is ready; this worker counts the next question on its own.
            _log.warning("What is left of limits is not said: their storage does not answer")
        return response

    def _left(self, status: int) -> dict[str, str]:
        """Return the headers, none where nothing was counted; this asks the storage, and raises what it raises."""
        counted = g.get("rate_limits") or self._limiter.current_limits
        if not counted:
            return {}
        nearest = min(counted, key=lambda limit: (not limit.breached, limit.remaining))
        wait_s = max(1, math.ceil(nearest.window.reset_time - time.time()))
        told = {
            "RateLimit-Limit": str(nearest.limit.amount),
            "RateLimit-Remaining": str(max(0, nearest.remaining)),
            "RateLimit-Reset": str(wait_s),
            "RateLimit-Policy": f"{nearest.limit.amount};w={WINDOW_S}",
        }
        return told | ({"Retry-After": str(wait_s)} if status == RateLimitExceeded.code else {})


def _allows(count: Callable[[], None]) -> bool:
    try:
        count()
    except RateLimitExceeded:
        return False
    return True


def _counted() -> None:
    """Count a client's question; Flask-Limiter needs a function to wrap."""


def _counted_alone() -> None:
    """Count a question of a client that is in no wider network."""


def _counted_of_site() -> None:
    """Count a question of the site as a whole."""


def _asked_seldom() -> None:
    """Count a network's questions, to see whether it asks seldom."""


def _asked_often() -> None:
    """Count a site's questions towards the part of its limit that is open to those who ask often."""


def _remarked() -> None:
    """Count a vote, a wish for a person or an exchange of tokens."""


def _tried() -> None:
    """Count an attempt with a code."""


def _knocked() -> None:
    """Count an attempt to sign in."""


def _cried() -> None:
    """Count a cry for help past the limits."""


def _was_taken(response: Response) -> bool:
    return response.status_code < HTTPStatus.BAD_REQUEST


def _is_a_server() -> bool:
    """Whether a partner's server asks: it serves many families from one address, so only its site's limit applies."""
    return bool(g.get("by_key", False))


def _per_minute(number: int) -> str:
    return f"{number} per minute" if number else ""


def _has_no_wider_network() -> bool:
    """Whether no wider network is counted: servers are exempt, and neighbours of an IPv4 address are other people."""
    return _is_a_server() or ipv6_of(request.remote_addr or "") is None
