"""Build what the console works with from settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dialogue.live import LiveDialogue
    from bot.storage.connections import Database
    from bot.storage.handoff import HandoffStore
    from bot.storage.secrecy import Sealer
    from bot.triage.curating.live import LiveCurated
    from bot.triage.people.account import Role
    from bot.triage.people.federating import Federating
    from bot.triage.people.oidc import OpenIdConnect
    from bot.triage.people.signing import SignIn
    from bot.triage.telling.courier import Courier
    from bot.triage.telling.mailing import ReplyMail, UrgentMail
    from bot.triage.telling.outbox import MailOutbox
    from bot.triage.telling.posting import Poster
    from bot.triage.telling.webhooks import Webhooks
    from bot.web.staff import Desk, ShownSetting


def _shown(settings: Settings) -> list[ShownSetting]:
    from bot.web.staff import ShownSetting

    return [ShownSetting(*row) for row in settings.shown()]


def open_desk(
    settings: Settings, database: Database, live: LiveDialogue, approved: LiveCurated, *, secrets: list[str]
) -> Desk:
    """Return what the console works with.

    :param database: from ``open_database``.
    :param live: answers, and embeds what questions ask; it serves ``approved``.
    :param secrets: for signing and sealing, the present one first; from ``secrets_of``.
    """
    from bot.sites.store import SiteStore
    from bot.storage.audit import AuditLog
    from bot.storage.comeback import ComeBack
    from bot.storage.handoff import HandoffStore
    from bot.storage.memory import TurnStore
    from bot.triage.curating.curating import Curating
    from bot.triage.curating.effects import Trials
    from bot.triage.curating.forgetting import forget_words
    from bot.triage.people.accounts import AccountStore
    from bot.triage.replying.contacts import Contacts
    from bot.triage.replying.replies import Replies
    from bot.triage.seeing.gaps import Gaps
    from bot.triage.seeing.overview import Overviews
    from bot.triage.tickets.changing import Changes
    from bot.triage.tickets.gists import Gists
    from bot.triage.tickets.intake import Intake
    from bot.triage.tickets.keeping import Keeping
    from bot.triage.tickets.presence import Presences
    from bot.triage.tickets.queue import Queue
    from bot.triage.tickets.reading import Tickets
    from bot.triage.tickets.regrouping import Regrouping
    from bot.triage.tickets.unsent import Unsents
    from bot.web.staff import Desk

    gists, audit = Gists(), AuditLog(database)
    handoffs = HandoffStore(database, sealer_of(settings))
    webhooks, poster, courier = _telling(settings, database, secrets, handoffs)
    signing = _signing(settings, database, secrets)
    provider, federating = _elsewhere(settings, database, signing)
    return Desk(
        # Once the deployment has a secret of its own, the one in the database opens seals but verifies no signatures.
        secret_keys=settings.secret_keys() or secrets,
        accounts=AccountStore(database), signing=signing, provider=provider, federating=federating,
        audit=audit, intake=Intake(database, gists, live.gist, mail_urgent_to=settings.urgent_addresses()),
        queue=Queue(database, gists, live.gist), tickets=Tickets(database), changes=Changes(database),
        regrouping=Regrouping(database, gists, live.gist), unsents=Unsents(database), presences=Presences(database),
        keeping=Keeping(database), come_back=ComeBack(database), trials=Trials(database, approved, live),
        replies=Replies(database, _outbox(settings)), contacts=Contacts(handoffs, audit),
        curating=Curating(database, four_eyes=settings.curated_four_eyes),
        overviews=Overviews(database), gaps=Gaps(database),
        webhooks=webhooks, poster=poster, courier=courier,
        sites=SiteStore(database), turns=TurnStore(database, forget_words),
        settings=_shown(settings),
        retention_days=settings.retention_days,
        secure_cookies=settings.public_url.startswith("https://"),
        second_factor_required=settings.second_factor_required,
    )  # fmt: skip


def _signing(settings: Settings, database: Database, secrets: list[str]) -> SignIn:
    """Return the sign-in by a password and a code."""
    from bot.triage.people.secondfactor import SecondFactor
    from bot.triage.people.signing import SignIn

    return SignIn(database, SecondFactor(secrets, settings.service_name))


def _elsewhere(
    settings: Settings, database: Database, signing: SignIn
) -> tuple[OpenIdConnect | None, Federating | None]:
    """Return the deployment's own sign-in, loading its dependencies only where there is one."""
    if not settings.oidc_issuer:
        return None, None
    from bot.triage.people.federating import Federating
    from bot.triage.people.oidc import OpenIdConnect, Provider

    provider = Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        cast("dict[Role, str]", settings.roles_by_claim()),
        settings.oidc_role_claim,
        settings.oidc_name_claim,
    )
    return OpenIdConnect(provider), Federating(database, signing)


def secrets_of(settings: Settings, database: Database) -> list[str]:
    """Return the secrets for signing and sealing, the present one first.

    The one stored in the database comes last, so that a deployment that is given a secret of its own can still open
    what it sealed before. A worker opens its own connections after the fork.

    :param database: from ``open_database``.
    :returns: one secret or more.
    :raises MemoryUnavailable: when the database cannot be used.
    """
    from bot.triage.people.secretkey import kept_secret, secret_if_kept

    try:
        secrets = settings.secret_keys() or [kept_secret(database)]
        kept = secret_if_kept(database)
    finally:
        database.close()
    return [*dict.fromkeys([*secrets, *([kept] if kept else [])])]


def sealer_of(settings: Settings) -> Sealer | None:
    """Return the sealer of contacts, ``None`` without a key."""
    if not settings.contact_key:
        return None
    from bot.storage.secrecy import Sealer

    return Sealer(settings.contact_keys())


def _outbox(settings: Settings) -> MailOutbox | None:
    """Return an outbox only if mail can be sent, so that replies are not queued in vain."""
    if not settings.smtp_url:
        return None
    from bot.triage.telling.outbox import MailOutbox

    return MailOutbox()


def _telling(
    settings: Settings, database: Database, secrets: list[str], handoffs: HandoffStore
) -> tuple[Webhooks, Poster, Courier]:
    """Return the webhooks, what posts to them, and the courier that sends everything due."""
    from bot.triage.telling.courier import Courier
    from bot.triage.telling.mailing import MailServer, ReplyMail, UrgentMail
    from bot.triage.telling.posting import Poster
    from bot.triage.telling.webhooks import Webhooks

    mail: ReplyMail | None = None
    alarm: UrgentMail | None = None
    if settings.smtp_url:
        server = MailServer(settings.smtp_url, settings.mail_from)
        mail = ReplyMail(database, handoffs, server, settings.service_name, settings.public_url)
        alarm = UrgentMail(server, settings.service_name, settings.public_url)
    webhooks, poster = Webhooks(database, secrets), Poster(settings.trusted())
    return webhooks, poster, Courier(database, webhooks, poster, mail, alarm)
