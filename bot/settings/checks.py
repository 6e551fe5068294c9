"""Refuse settings that cannot work before anything starts, without showing the secrets among them."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.settings import Settings

# 128 bits even in hexadecimal.
_SECRET_CHARS = 32
_SHARED_KINDS = ("s3", "gs", "az", "file")
_POSTGRES = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
_DATABASES = frozenset({"sqlite", "sqlite+pysqlite", "postgres", "postgresql", "postgresql+psycopg"})


def _is_key(text: str) -> bool:
    """Whether a text has the form of what ``Fernet.generate_key()`` makes."""
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def check_settings(settings: Settings) -> None:
    """Refuse values that cannot work.

    :raises SettingsError: for the first one found
    """
    for name, number in (
        ("BOT_KEEP_BUILDS", settings.keep_builds),
        ("BOT_BUILDS_EVERY_S", settings.builds_every_s),
        ("BOT_RETENTION_DAYS", settings.retention_days),
        ("BOT_DATABASE_WAIT_S", settings.database_wait_s),
    ):
        if number < 1:
            raise SettingsError(name, str(number), "1 or more")
    _check_builds(settings.builds)
    _check_databases(settings)
    _check_secrets(settings)
    _check_mail(settings)
    _check_oidc(settings)
    if not settings.rate_storage.startswith(("memory://", "redis://", "rediss://")):
        raise SettingsError("BOT_RATE_STORAGE", "another kind", "memory://, redis://… or rediss://…")
    if not 1 <= settings.port <= 65535:
        raise SettingsError("PORT", str(settings.port), "a port from 1 to 65535")
    for name, url in (("BOT_PUBLIC_URL", settings.public_url), ("BOT_CONTACT_URL", settings.contact_url)):
        allowed = ("http", "https") if name == "BOT_PUBLIC_URL" else ("http", "https", "mailto", "tel")
        if url and urlsplit(url).scheme not in allowed:
            raise SettingsError(name, "a link of another kind", "a link that begins with " + ", ".join(allowed))


def _check_builds(address: str) -> None:
    parts = urlsplit(address)
    if address and (parts.scheme not in _SHARED_KINDS or bool(parts.netloc) == (parts.scheme == "file")):
        raise SettingsError("BOT_BUILDS", "another form", "s3://BUCKET/PREFIX, gs://…, az://… or file:///FOLDER")
    if "@" in parts.netloc or parts.query:
        # Logs show the address; keys belong in the environment or the machine's role.
        raise SettingsError("BOT_BUILDS", "more than an address", "an address without user, password or query")


def _check_oidc(settings: Settings) -> None:
    if not settings.oidc_issuer:
        return
    parts = urlsplit(settings.oidc_issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise SettingsError("BOT_OIDC_ISSUER", "another kind of address", "https://…")
    if not (settings.oidc_client_id and settings.oidc_client_secret and settings.public_url):
        remedy = "BOT_OIDC_CLIENT_ID, BOT_OIDC_CLIENT_SECRET and BOT_PUBLIC_URL as well"
        raise SettingsError("BOT_OIDC_ISSUER", "it alone", remedy)
    roles = settings.roles_by_claim()
    if not roles or not roles.keys() <= {"agent", "editor", "admin"} or not all(roles.values()):
        raise SettingsError(
            "BOT_OIDC_ROLES", "other roles", "admin=VALUE,editor=VALUE,agent=VALUE, one of them at least"
        )


def _check_databases(settings: Settings) -> None:
    _check_database("DATABASE_URL", settings.database_url, f"sqlite:///FILE or {_POSTGRES}")
    if settings.engine.startswith("sqlite"):
        raise SettingsError("BOT_ENGINE", "SQLite, which has no pgvector", _POSTGRES)
    if settings.engine:
        _check_database("BOT_ENGINE", settings.engine, _POSTGRES)


def _check_database(name: str, address: str, expected: str) -> None:
    """Refuse what is not a database address before anything is created; it may hold a password, so it is not shown."""
    scheme, mark, rest = address.partition("://")
    if not mark:
        raise SettingsError(name, "no address of a database", expected)
    if scheme not in _DATABASES:
        raise SettingsError(name, "an address of another kind", expected)
    if scheme.startswith("sqlite") and rest.partition("?")[0] and not rest.startswith("/"):
        raise SettingsError(name, "two strokes after sqlite:", expected)
    try:
        _ = urlsplit(address).port
    except ValueError:
        raise SettingsError(name, "a port that is none", expected) from None


def _check_mail(settings: Settings) -> None:
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in {"smtp", "smtps"}:
        raise SettingsError("BOT_SMTP_URL", "another kind", "smtp://HOST:PORT or smtps://HOST:PORT")
    if settings.smtp_url and "@" not in settings.mail_from:
        raise SettingsError("BOT_MAIL_FROM", "no address", "an e-mail address, since BOT_SMTP_URL is set")
    if settings.urgent_to and not settings.smtp_url:
        raise SettingsError("BOT_URGENT_TO", "addresses without a mail server", "BOT_SMTP_URL as well")
    if not all("@" in address for address in settings.urgent_addresses()):
        raise SettingsError("BOT_URGENT_TO", "no address", "e-mail addresses, separated by commas")
    entries = [entry.strip() for entry in settings.trusted_hosts.split(",") if entry.strip()]
    if not all(re.fullmatch(r"[^:\s]+:\d{1,5}", entry) for entry in entries):
        raise SettingsError("BOT_TRUSTED_HOSTS", "another form", "HOST:PORT, separated by commas")


def _check_secrets(settings: Settings) -> None:
    if not all(map(_is_key, settings.contact_keys())):
        raise SettingsError("BOT_CONTACT_KEY", "another form", "Fernet keys with commas between")
    if any(len(key) < _SECRET_CHARS for key in settings.secret_keys()):
        raise SettingsError("BOT_SECRET_KEY", "a shorter one", f"{_SECRET_CHARS} characters or more, commas between")
    if settings.metrics_token and len(settings.metrics_token) < _SECRET_CHARS:
        raise SettingsError("BOT_METRICS_TOKEN", "a shorter one", f"{_SECRET_CHARS} characters or more")
