"""Build a web application from settings, with its database, its sites and its console."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import TYPE_CHECKING

from bot.dialogue.live import LiveDialogue
from bot.errors import IndexUnavailable, MemoryUnavailable
from bot.indexing.engine import Engine
from bot.indexing.followed import read_followed
from bot.indexing.store import BuildStore
from bot.settings import Settings, read_environment
from bot.wiring.builds import store_of
from bot.wiring.consoles import open_desk, sealer_of, secrets_of
from bot.wiring.databases import Databases, open_database, open_databases
from bot.wiring.engines import engine_database, engine_on
from bot.wiring.travelling import Watch, fetch_first

if TYPE_CHECKING:
    from flask import Flask

    from bot.sites.live import LiveSites
    from bot.storage.connections import Database
    from bot.storage.remembering import Memory, Told
    from bot.triage.curating.live import LiveCurated
    from bot.triage.telling.courier import Courier
    from bot.web.shared_numbers import SharedNumbers

_SECRET_BYTES = 32


def app_from_environment() -> Flask:
    """Return the web application that the environment's settings ask for; see ``build_app``."""
    return build_app(read_environment())


def open_memory(settings: Settings, database: Database | None = None, told: Told | None = None) -> Memory:
    """Return the memory of conversations.

    :param database: from ``open_databases``; opened here if there is none.
    :returns: a memory without connections; a worker opens its own after the fork.
    :raises MemoryUnavailable: when the database cannot be used.
    """
    from bot.privacy.redaction import redact
    from bot.storage.remembering import Memory
    from bot.triage.curating.forgetting import forget_words

    opened = database or open_database(settings)
    return Memory(opened, redact=redact, sealer=sealer_of(settings), told=told, forget_words=forget_words)


def open_sites(settings: Settings, database: Database) -> LiveSites:
    """Return the partners' sites, which are read on first use.

    :param database: from ``open_databases``.
    """
    from bot.sites.live import LiveSites
    from bot.sites.store import SiteStore

    return LiveSites(SiteStore(database), closed=settings.closed)


def build_app(settings: Settings) -> Flask:
    """Return the web application on the current Build.

    :returns: a Flask application with two extensions: ``warm_up`` readies a worker, ``begin_work`` starts its threads.
    :raises IndexUnavailable: when there is no Build.
    """
    from bot.triage.curating.live import LiveCurated

    databases = open_databases(settings)
    approved = LiveCurated(databases.answering)
    searched = engine_database(settings)
    engine = engine_on(searched)
    store = BuildStore(settings.index, keep=settings.keep_builds, engine=engine)
    live = _open_live(settings, approved, store)
    secrets = _secrets_if_readable(settings, databases.console)
    app, courier = _join(settings, databases, live, approved, secrets or _secrets_meanwhile(settings), engine=engine)
    if searched is not None:
        # A worker opens its own connections after the fork.
        searched.close()

    def begin_work() -> None:
        databases.answering.watch()
        if searched is not None:
            searched.watch()
        if settings.builds:
            Watch(settings, store, live.look).start()
        if secrets is not None:
            databases.console.watch()
            courier.start()
            return
        databases.console.watch(first=take_over)

    def take_over() -> None:
        """Serve also with the secret stored in the database, which could not be read at the start."""
        found = secrets_of(settings, open_database(settings))
        # The workers keep the shared counters that they have had since the fork.
        numbers = app.extensions["shared_numbers"]
        other, its_courier = _join(settings, databases, live, approved, found, numbers=numbers, engine=engine)
        app.wsgi_app = other.wsgi_app  # type: ignore[method-assign]
        its_courier.start()

    app.extensions["warm_up"] = live.warm_up
    # Only in a worker: a thread of the process that forks would be lost.
    app.extensions["begin_work"] = begin_work
    return app


def _open_live(settings: Settings, approved: LiveCurated, store: BuildStore) -> LiveDialogue:
    """Return the dialogue on the current Build, fetching one first if there is none here."""
    kept = {"kept_days": settings.retention_days, "repeated": settings.repeated_answers}
    try:
        return LiveDialogue(store, approved.entries, **kept)
    except IndexUnavailable:
        if not settings.builds:
            raise
    fetch_first(settings)
    return LiveDialogue(store, approved.entries, **kept)


def _join(
    settings: Settings,
    databases: Databases,
    live: LiveDialogue,
    approved: LiveCurated,
    secrets: list[str],
    *,
    engine: Engine | None,
    numbers: SharedNumbers | None = None,
) -> tuple[Flask, Courier]:
    """Return everything joined into one application, and the courier that sends what is due."""
    from bot.web.app import create_app
    from bot.web.readiness import tell_of_builds, tell_of_engine

    desk = open_desk(settings, databases.console, live, approved, secrets=secrets)
    app = create_app(
        live,
        service_name=settings.service_name,
        publisher=settings.publisher or None,
        contact_url=settings.contact_url or None,
        base_url=settings.public_url,
        metrics_token=settings.metrics_token,
        numbers=numbers,
        infographics=settings.corpus / "infographics",
        country=settings.country,
        memory=open_memory(settings, databases.answering, desk.intake.told),
        sites=open_sites(settings, databases.answering),
        secrets=[secret.encode() for secret in desk.secret_keys],
        client_per_minute=settings.client_per_minute,
        site_per_minute=settings.site_per_minute,
        rate_storage=settings.rate_storage,
        trusted_proxies=settings.trusted_proxies,
        desk=desk,
    )
    if settings.builds:
        tell_of_builds(app, lambda: read_followed(store_of(settings)))
    if engine is not None:
        tell_of_engine(app, engine.away)
    return app, desk.courier


def _secrets_if_readable(settings: Settings, database: Database) -> list[str] | None:
    """Return the secrets for signing and sealing, ``None`` if the database, which may hold one, does not answer."""
    try:
        return secrets_of(settings, database)
    except MemoryUnavailable:
        return None


def _secrets_meanwhile(settings: Settings) -> list[str]:
    """Return the secrets to sign with until the database answers."""
    return settings.secret_keys() or [token_urlsafe(_SECRET_BYTES)]
