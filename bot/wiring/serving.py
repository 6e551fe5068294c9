"""Settings in, a web application out, with its database, its sites and its console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.conversing.live import LiveDialogue
from bot.settings import Settings, read_environment
from bot.wiring.builds import store_of
from bot.wiring.consoles import open_desk, sealer_of

if TYPE_CHECKING:
    from flask import Flask

    from bot.conversing.connections import Database
    from bot.conversing.remembering import Memory, Told
    from bot.sites.live import LiveSites


def app_from_environment() -> Flask:
    """Return the web application that the environment's settings ask for.

    :returns: as ``build_app``.
    """
    return build_app(read_environment())


def open_database(settings: Settings) -> Database:
    """Return the database that memory and console share, its tables up to date.

    :param settings: the deployment's settings.
    :returns: a database without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when it cannot be used.
    """
    # Imported so that the tables of staff are looked for as well.
    import bot.triage.tables  # noqa: F401
    from bot.conversing.connections import Database

    database = Database(settings.database_url)
    # The release phase has done it already, except with the embedded default, which needs no such phase.
    if not database.ready():
        database.migrate()
    database.close()
    return database


def open_memory(settings: Settings, database: Database | None = None, told: Told | None = None) -> Memory:
    """Return what conversations are remembered with.

    :param settings: the deployment's settings.
    :param database: from ``open_database``, opened here if there is none.
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
    :param database: from ``open_database``.
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
    from bot.web.app import create_app

    database = open_database(settings)
    approved = LiveCurated(database)
    live = LiveDialogue(store_of(settings), approved)
    desk = open_desk(settings, database, live, approved)
    app = create_app(
        live,
        service_name=settings.service_name,
        contact_url=settings.contact_url or None,
        base_url=settings.public_url,
        metrics_token=settings.metrics_token,
        infographics=settings.corpus / "infographics",
        country=settings.country,
        memory=open_memory(settings, database, desk.intake.told),
        sites=open_sites(settings, database),
        secret=desk.secret_key.encode(),
        client_per_minute=settings.client_per_minute,
        site_per_minute=settings.site_per_minute,
        rate_storage=settings.rate_storage,
        trusted_proxies=settings.trusted_proxies,
        desk=desk,
    )
    app.extensions["warm_up"] = live.warm_up
    # Only in a worker: a thread of the process that forks would be lost.
    app.extensions["begin_work"] = desk.courier.start
    return app
