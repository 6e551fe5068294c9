"""Settings in, a web application out, with its database, its sites and its console."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot.conversing.live import LiveDialogue
from bot.errors import MemoryUnavailable
from bot.settings import Settings, read_environment
from bot.wiring.builds import store_of
from bot.wiring.consoles import open_desk, sealer_of
from bot.wiring.databases import Databases, open_database, open_databases

if TYPE_CHECKING:
    from flask import Flask

    from bot.conversing.connections import Database
    from bot.conversing.remembering import Memory, Told
    from bot.sites.live import LiveSites
    from bot.triage.curating.live import LiveCurated
    from bot.triage.telling.courier import Courier

_SECRET_BYTES = 32


def app_from_environment() -> Flask:
    """Return the web application that the environment's settings ask for.

    :returns: as ``build_app``.
    """
    return build_app(read_environment())


def open_memory(settings: Settings, database: Database | None = None, told: Told | None = None) -> Memory:
    """Return what conversations are remembered with.

    :param settings: the deployment's settings.
    :param database: from ``open_databases``; opened here if there is none.
    :param told: is told of each turn that was kept.
    :returns: a memory without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when the database cannot be used.
    """
    from bot.conversing.redaction import redact
    from bot.conversing.remembering import Memory

    return Memory(database or open_database(settings), redact=redact, sealer=sealer_of(settings), told=told)


def open_sites(settings: Settings, database: Database) -> LiveSites:
    """Return who knows the partners' sites.

    :param settings: the deployment's settings.
    :param database: from ``open_databases``.
    :returns: sites that are read when they are first asked for.
    """
    from bot.sites.live import LiveSites
    from bot.sites.store import SiteStore

    return LiveSites(SiteStore(database), closed=settings.closed)


def build_app(settings: Settings) -> Flask:
    """Return the web application on the current Build.

    :param settings: the deployment's settings.
    :returns: a Flask application, with two extensions: ``warm_up`` readies a worker, ``begin_work`` starts its threads.
    :raises IndexUnavailable: when there is no Build.
    """
    from bot.triage.curating.live import LiveCurated

    databases = open_databases(settings)
    approved = LiveCurated(databases.answering)
    live = LiveDialogue(store_of(settings), approved)
    secret = _secret_of(settings, databases.console)
    app, courier = _join(settings, databases, live, approved, secret or secrets.token_urlsafe(_SECRET_BYTES))

    def begin_work() -> None:
        databases.answering.watch()
        if secret is not None:
            databases.console.watch()
            courier.start()
            return
        databases.console.watch(first=take_over)

    def take_over() -> None:
        """Serve with the secret that the database keeps, which could not be read at the start."""
        kept = _secret_of(settings, open_database(settings))
        if kept is None:
            raise MemoryUnavailable("the secret cannot be read")
        other, its_courier = _join(settings, databases, live, approved, kept)
        app.wsgi_app = other.wsgi_app  # type: ignore[method-assign]
        its_courier.start()

    app.extensions["warm_up"] = live.warm_up
    # Only in a worker: a thread of the process that forks would be lost.
    app.extensions["begin_work"] = begin_work
    return app


def _join(
    settings: Settings, databases: Databases, live: LiveDialogue, approved: LiveCurated, secret: str
) -> tuple[Flask, Courier]:
    """All that is made, as one application, and who sends what is due."""
    from bot.web.app import create_app

    desk = open_desk(settings, databases.console, live, approved, secret=secret)
    app = create_app(
        live,
        service_name=settings.service_name,
        contact_url=settings.contact_url or None,
        base_url=settings.public_url,
        metrics_folder=settings.metrics_folder or None,
        infographics=settings.corpus / "infographics",
        country=settings.country,
        memory=open_memory(settings, databases.answering, desk.intake.told),
        sites=open_sites(settings, databases.answering),
        secret=desk.secret_key.encode(),
        client_per_minute=settings.client_per_minute,
        site_per_minute=settings.site_per_minute,
        rate_storage=settings.rate_storage,
        trusted_proxies=settings.trusted_proxies,
        desk=desk,
    )
    return app, desk.courier


def _secret_of(settings: Settings, database: Database) -> str | None:
    """What signs and seals, ``None`` if it is kept in a database that does not answer.

    A worker opens its own connections after the fork.
    """
    from bot.triage.people.secretkey import kept_secret

    if settings.secret_key:
        return settings.secret_key
    try:
        return kept_secret(database)
    except MemoryUnavailable:
        return None
    finally:
        database.close()
