"""Counts and times for Prometheus; never a question, never an address with its query.

Comes in: what each request was and how it ended. Goes out: the text format, summed over all workers when a folder for
them is given (the environment variable PROMETHEUS_MULTIPROC_DIR must then be set before this module is imported,
because prometheus_client chooses its storage at import). It must not know of Flask beyond the hooks it registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import InfoMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bot.errors import SettingsError

# From well under the answer time we aim at up to the time after which people give up.
_LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class Exposition:
    """What a scrape gets."""

    body: bytes
    content_type: str


class Metrics:
    """The numbers of one application."""

    def __init__(self, *, version: str, build_id: Callable[[], str], folder: str | None) -> None:
        """``build_id`` is asked at each scrape; ``folder`` is where workers share their numbers, if there are several.

        :param version: of the program
        :param build_id: gives the Build that answers now
        :param folder: the value of PROMETHEUS_MULTIPROC_DIR, ``None`` for a single process
        :raises SettingsError: if there is a folder but prometheus_client was imported without knowing it
        """
        if folder is not None and values.ValueClass is values.MutexValue:
            raise SettingsError(
                "PROMETHEUS_MULTIPROC_DIR", "not set at start", f"{folder} in the process's environment"
            )
        self._folder = folder
        self._about = _About(version, build_id)
        self._registry = CollectorRegistry()
        self._registry.register(self._about)
        self._requests = Counter(
            "explainer_requests", "Requests by endpoint and status code", ("endpoint", "code"), registry=self._registry
        )
        self._answers = Counter("explainer_answers", "Answers by status", ("status",), registry=self._registry)
        self._not_stored = Counter(
            "explainer_turns_not_stored",
            "Answers that were given and could not be remembered",
            registry=self._registry,
        )
        self._latency = Histogram(
            "explainer_request_seconds",
            "Time from the start of a request to its response",
            ("endpoint",),
            buckets=_LATENCY_BUCKETS_S,
            registry=self._registry,
        )

    def watch(self, app: Flask) -> None:
        """Times and counts every request of ``app``."""
        app.before_request(_start_clock)
        app.after_request(self._record)

    def count_answer(self, status: str) -> None:
        """One more Answer with this status."""
        self._answers.labels(status).inc()

    def count_turn_not_stored(self) -> None:
        """One more Answer that no database knows of."""
        self._not_stored.inc()

    def exposition(self) -> Exposition:
        """The numbers now."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            registry.register(self._about)
            MultiProcessCollector(registry, path=self._folder)  # type: ignore[no-untyped-call]
        return Exposition(generate_latest(registry), CONTENT_TYPE_LATEST)

    def _record(self, response: Response) -> Response:
        endpoint = request.endpoint or "unmatched"
        self._requests.labels(endpoint, response.status_code).inc()
        self._latency.labels(endpoint).observe(perf_counter() - g.started)
        return response


class _About(Collector):
    """Which program and which Build answer, as labels of a constant."""

    def __init__(self, version: str, build_id: Callable[[], str]) -> None:
        self._version, self._build_id = version, build_id

    def collect(self) -> Iterator[InfoMetricFamily]:
        about = {"version": self._version, "build": self._build_id()}
        yield InfoMetricFamily("explainer_build", "The program and the Build that answer", value=about)


def _start_clock() -> None:
    g.started = perf_counter()
