"""Counts and times for Prometheus; never a question, never an address with its query.

Comes in: what each request was and how it ended. Goes out: the text format, summed over all workers. It must not know
of Flask beyond the hooks it registers. Nothing here can fail for want of a file or a folder: an answer never waits for
its being counted.
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

# From well under the answer time we aim at up to the time after which people give up.
_LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BOUNDS = (*map(str, _LATENCY_BUCKETS_S), "+Inf")
# Between the name of a metric and its labels, where no label has it.
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Exposition:
    """What a scrape gets."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, and the labels by which."""

    name: str
    told: str
    labels: tuple[str, ...]


_REQUESTS = Counted("explainer_requests", "Requests by endpoint and status code", ("endpoint", "code"))
_ANSWERS = Counted("explainer_answers", "Answers by status", ("status",))
_LATENCY = Counted("explainer_request_seconds", "Time from the start of a request to its response", ("endpoint",))
_NOT_STORED = Counted("explainer_turns_not_stored", "Answers that were given and could not be remembered", ())
_REPEATED = Counted("explainer_answers_repeated", "Answers that were given before to the same question", ())
_COUNTERS = (_REQUESTS, _ANSWERS, _NOT_STORED, _REPEATED)
# What has no labels is shown before it is first counted: an alert on what is not there stays silent.
_FROM_THE_START = {what.name: [0.0] for what in _COUNTERS if not what.labels}


class Metrics:
    """The numbers of one application, in all its workers."""

    def __init__(
        self,
        *,
        version: str,
        build_id: Callable[[], str],
        token: str | None = None,
        numbers: SharedNumbers | None = None,
    ) -> None:
        """``build_id`` is asked at each scrape.

        :param token: who has it is shown the numbers; empty shows them to nobody, ``None`` to everybody
        :param numbers: where to count, if that has begun before; else made here
        """
        self.numbers = numbers or SharedNumbers()
        self._token = token
        self._registry = CollectorRegistry()
        self._registry.register(_About(version, build_id))
        self._registry.register(_Sums(self.numbers))

    def add(self, collector: Collector) -> None:
        """Shows what somebody else counts, too."""
        self._registry.register(collector)

    def shown_at_all(self) -> bool:
        """Whether there is anybody who may see the numbers."""
        return self._token != ""

    def shown_to(self, token: str) -> bool:
        """Whether the bearer of ``token`` may see them."""
        return self._token is None or hmac.compare_digest(token.encode(), self._token.encode())

    def watch(self, app: Flask) -> None:
        """Times and counts every request of ``app``."""
        app.before_request(_start_clock)
        app.after_request(self._record)
        # For whoever forks the workers: each gets its own part of the numbers.
        app.extensions["shared_numbers"] = self.numbers

    def count_answer(self, status: str) -> None:
        """One more Answer with this status."""
        self._count(_ANSWERS, status)

    def count_turn_not_stored(self) -> None:
        """One more Answer that no database knows of."""
        self._count(_NOT_STORED)

    def count_repeated(self) -> None:
        """One more Answer that did not need to be found again."""
        self._count(_REPEATED)

    def exposition(self) -> Exposition:
        """The numbers now."""
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
    """One more in the bucket that a time falls into, and the time itself for the sum."""
    row = [0.0] * len(_BOUNDS) + [seconds]
    row[bisect_left(_LATENCY_BUCKETS_S, seconds)] = 1.0
    return row


class _Sums(Collector):
    """What all workers have counted."""

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
    """Which program and which Build answer, as labels of a constant."""

    def __init__(self, version: str, build_id: Callable[[], str]) -> None:
        self._version, self._build_id = version, build_id

    def collect(self) -> Iterator[InfoMetricFamily]:
        about = {"version": self._version, "build": self._build_id()}
        yield InfoMetricFamily("explainer_build", "The program and the Build that answer", value=about)


def _start_clock() -> None:
    g.started = perf_counter()
