"""Settings in, a web application out, with its database, its sites and its console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.conversing.live import LiveDialogue
from bot.settings import Settings, read_environment
from bot.wiring.builds import store_of

if TYPE_CHECKING:
    from flask import Flask

    from bot.conversing.connections import Database
    from bot.conversing.remembering import Memory, Told
    from bot.conversing.secrecy import Sealer
    from bot.sites.live import LiveSites
    from bot.triage.curating.live import LiveCurated
    from bot.web.staff import Desk


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

    return Memory(database or open_database(settings), redact=redact, sealer=_sealer(settings), told=told)


def open_sites(settings: Settings, database: Database) -> LiveSites:
    """Return who knows the partners' sites.

    :param settings: the deployment's settings.
    :param database: from ``open_database``.
    :returns: sites that are read when they are first asked for.
    """
    from bot.sites.live import LiveSites
    from bot.sites.store import SiteStore

    return LiveSites(SiteStore(database), closed=settings.closed)


def open_desk(settings: Settings, database: Database, live: LiveDialogue, approved: LiveCurated) -> Desk:
    """Return what the console works with.

    :param settings: the deployment's settings.
    :param database: from ``open_database``.
    :param live: answers, and makes vectors of what questions ask.
    :param approved: the approved answers that it serves.
    :returns: a desk for ``create_app``.
    """
    from bot.conversing.comeback import ComeBack
    from bot.conversing.handoff import HandoffStore
    from bot.triage.curating.curating import Curating
    from bot.triage.curating.effects import Trials
    from bot.triage.people.accounts import AccountStore
    from bot.triage.people.audit import AuditLog
    from bot.triage.people.secondfactor import SecondFactor
    from bot.triage.people.secretkey import kept_secret
    from bot.triage.people.signing import SignIn
    from bot.triage.replying.contacts import Contacts
    from bot.triage.replying.replies import Replies
    from bot.triage.tickets.changing import Changes
    from bot.triage.tickets.gists import Gists
    from bot.triage.tickets.intake import Intake
    from bot.triage.tickets.keeping import Keeping
    from bot.triage.tickets.queue import Queue
    from bot.triage.tickets.reading import Tickets
    from bot.web.staff import Desk

    secret = settings.secret_key or kept_secret(database)
    gists, audit = Gists(), AuditLog(database)
    desk = Desk(
        secret_key=secret,
        accounts=AccountStore(database),
        signing=SignIn(database, SecondFactor(secret, settings.service_name)),
        audit=audit,
        intake=Intake(database, gists, live.gist),
        queue=Queue(database, gists, live.gist),
        tickets=Tickets(database),
        changes=Changes(database),
        keeping=Keeping(database),
        replies=Replies(database),
        contacts=Contacts(HandoffStore(database, _sealer(settings)), audit),
        come_back=ComeBack(database),
        curating=Curating(database, four_eyes=settings.curated_four_eyes),
        trials=Trials(database, approved, live),
        secure_cookies=settings.public_url.startswith("https://"),
        second_factor_required=settings.second_factor_required,
    )
    database.close()
    return desk


def _sealer(settings: Settings) -> Sealer | None:
    if not settings.contact_key:
        return None
    from bot.conversing.secrecy import Sealer

    return Sealer(settings.contact_keys())


def build_app(settings: Settings) -> Flask:
    """Return the web application on the current Build.

    :param settings: the deployment's settings.
    :returns: a Flask application; ``app.extensions["warm_up"]`` readies a worker.
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
        metrics_folder=settings.metrics_folder or None,
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
    return app
