"""Describe for the probes whether the service is alive or ready, and which Builds from a bucket are not served.

Knows nothing of buckets or index folders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import msgspec
from flask import Flask, current_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.indexing.followed import Followed
from bot.web.service import service_of


class RefusedBuild(msgspec.Struct, frozen=True):
    """A Build that is not served, and why."""

    build: str
    reason: str


class Health(msgspec.Struct, frozen=True, omit_defaults=True):
    """The service is alive or ready; build is set when it is ready.

    Where Builds travel: refused_build is pointed to and not served; bucket_away says since when their place does not
    answer. The Build that answers goes on in both cases. engine_away says why the engine that searches its vectors does
    not answer: then questions of the corpus are not answered, and families are told so.
    """

    status: str
    build: str | None = None
    refused_build: RefusedBuild | None = None
    bucket_away: str | None = None
    engine_away: str | None = None


WhyAway = Callable[[], str | None]
WhatIsFollowed = Callable[[], Followed]
_KEY, _ENGINE_KEY = "explainer_followed", "explainer_engine_away"


def tell_of_builds(app: Flask, followed: WhatIsFollowed) -> None:
    """Make an application report on the bucket that its Builds come from."""
    app.extensions[_KEY] = followed
    service_of(app).metrics.add(_Travel(followed))


def tell_of_engine(app: Flask, away: WhyAway) -> None:
    """Make an application report whether the engine that searches its vectors answers."""
    app.extensions[_ENGINE_KEY] = away
    service_of(app).metrics.add(_Engine(away))


def readiness(build: str) -> Health:
    """Return that the service is ready, with the Build that answers and what is wrong with bucket or engine."""
    followed = cast(WhatIsFollowed | None, current_app.extensions.get(_KEY))
    away = cast(WhyAway | None, current_app.extensions.get(_ENGINE_KEY))
    known = Followed() if followed is None else followed()
    refused = None if known.refused is None else RefusedBuild(known.refused.build, known.refused.reason)
    return Health("ready", build, refused, known.away_since, None if away is None else away())


class _Travel(Collector):
    """The collector of what became of the Builds; the same on every worker of a machine."""

    def __init__(self, followed: WhatIsFollowed) -> None:
        self._followed = followed

    def collect(self) -> Iterator[Metric]:
        known = self._followed()
        up, refused = int(known.away is None), int(known.refused is not None)
        yield GaugeMetricFamily("explainer_bucket_up", "Whether the place of shared Builds answers", up)
        yield GaugeMetricFamily("explainer_build_refused", "Whether a Build is pointed to and not served", refused)
        yield CounterMetricFamily("explainer_bucket_failures", "Looks that the place did not answer", known.failures)
        yield CounterMetricFamily("explainer_builds_fetched", "Builds that were fetched from there", known.fetched)
        yield CounterMetricFamily("explainer_builds_refused", "Tries to take a Build that was refused", known.refusals)


class _Engine(Collector):
    """The collector of whether the engine answers, checked at each scrape by the worker that is scraped."""

    def __init__(self, away: WhyAway) -> None:
        self._away = away

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "explainer_engine_up", "Whether the engine of vectors answers", int(self._away() is None)
        )
