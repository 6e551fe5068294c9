"""Count and time requests for Prometheus; never a question, never an address with its query.

The numbers are summed over all workers. Knows nothing of Flask beyond the hooks that it registers. It uses no file or
folder that could be missing, and no answer waits to be counted.
"""

from __future__ import annotations

import hmac
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.web.shared_numbers import SharedNumbers

# From well under our target answer time to the time after which people give up.
_LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BOUNDS = (*map(str, _LATENCY_BUCKETS_S), "+Inf")
# Separates the name of a metric from its labels; no label contains it.
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Exposition:
    """The reply to a scrape."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A metric: its name, its help text and its labels."""

    name: str
    told: str
    labels: tuple[str, ...]


_REQUESTS = Counted("explainer_requests", "Requests by endpoint and status code", ("endpoint", "code"))
_ANSWERS = Counted("explainer_answers", "Answers by status", ("status",))
_LATENCY = Counted("explainer_request_seconds", "Time from the start of a request to its response", ("endpoint",))
_NOT_STORED = Counted("explainer_turns_not_stored", "Answers that were given and could not be remembered", ())
_REPEATED = Counted("explainer_answers_repeated", "Answers that were given before to the same question", ())
_COUNTERS = (_REQUESTS, _ANSWERS, _NOT_STORED, _REPEATED)
# Metrics without labels are shown before they are first counted: an alert on a missing metric stays silent.
_FROM_THE_START = {what.name: [0.0] for what in _COUNTERS if not what.labels}


class Metrics:
    """The numbers of one application over all its workers."""

    def __init__(
        self,
        *,
        version: str,
        build_id: Callable[[], str],
        token: str | None = None,
        numbers: SharedNumbers | None = None,
    ) -> None:
        """Register the collectors; ``build_id`` is called at each scrape.

        :param token: gives access to the numbers; empty shows them to nobody, ``None`` to everybody
        :param numbers: where to count, if counting has begun already; otherwise made here
        """
        self.numbers = numbers or SharedNumbers()
        self._token = token
        self._registry = CollectorRegistry()
        self._registry.register(_About(version, build_id))
        self._registry.register(_Sums(self.numbers))

    def add(self, collector: Collector) -> None:
        """Expose another collector's numbers as well."""
        self._registry.register(collector)

    def shown_at_all(self) -> bool:
        """Say whether anybody at all may see the numbers."""
        return self._token != ""

    def shown_to(self, token: str) -> bool:
        """Say whether the bearer of ``token`` may see the numbers."""
        return self._token is None or hmac.compare_digest(token.encode(), self._token.encode())

    def watch(self, app: Flask) -> None:
        """Time and count every request of ``app``."""
        app.before_request(_start_clock)
        app.after_request(self._record)
        # For the process that forks the workers: each gets its own part of the numbers.
        app.extensions["shared_numbers"] = self.numbers

    def count_answer(self, status: str) -> None:
        """Count an Answer with this status."""
        self._count(_ANSWERS, status)

    def count_turn_not_stored(self) -> None:
        """Count an Answer that could not be stored."""
        self._count(_NOT_STORED)

    def count_repeated(self) -> None:
        """Count an Answer that did not need to be found again."""
        self._count(_REPEATED)

    def exposition(self) -> Exposition:
        """Return the current numbers."""
        return Exposition(generate_latest(self._registry), CONTENT_TYPE_LATEST)

    def _count(self, what: Counted, *labels: str) -> None:
        self.numbers.add(_BETWEEN.join((what.name, *labels)), (1.0,))

    def _record(self, response: Response) -> Response:
        endpoint = request.endpoint or "unmatched"
        seconds = perf_counter() - g.started
        self._count(_REQUESTS, endpoint, str(response.status_code))
        self.numbers.add(_BETWEEN.join((_LATENCY.name, endpoint)), _observed(seconds))
        return response


def _observed(seconds: float) -> list[float]:
    """Return a row with one observation in the bucket of a time, and the time itself for the sum."""
    row = [0.0] * len(_BOUNDS) + [seconds]
    row[bisect_left(_LATENCY_BUCKETS_S, seconds)] = 1.0
    return row


class _Sums(Collector):
    """The collector of what all workers have counted."""

    def __init__(self, numbers: SharedNumbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        counters = {what.name: CounterMetricFamily(what.name, what.told, labels=what.labels) for what in _COUNTERS}
        latency = HistogramMetricFamily(_LATENCY.name, _LATENCY.told, labels=_LATENCY.labels)
        for key, row in sorted((_FROM_THE_START | self._numbers.sums()).items()):
            name, *labels = key.split(_BETWEEN)
            if name in counters:
                counters[name].add_metric(labels, row[0])
            else:
                buckets = list(zip(_BOUNDS, accumulate(row[:-1]), strict=True))
                latency.add_metric(labels, buckets, sum_value=row[-1])
        yield from (*counters.values(), latency)


class _About(Collector):
    """The collector that names the program and the Build as labels of a constant."""

    def __init__(self, version: str, build_id: Callable[[], str]) -> None:
        self._version, self._build_id = version, build_id

    def collect(self) -> Iterator[InfoMetricFamily]:
        about = {"version": self._version, "build": self._build_id()}
        yield InfoMetricFamily("explainer_build", "The program and the Build that answer", value=about)


def _start_clock() -> None:
    g.started = perf_counter()
