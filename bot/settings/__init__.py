"""Read the environment into one frozen ``Settings``.

The only reader of ``os.environ``; only wiring and cli import it. Each field of ``Settings`` keeps its environment name
and help in its metadata, next to its type and default. An unknown ``BOT_*`` name or a bad value stops the start and is
named.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.errors import SettingsError
from bot.settings.checks import check_settings

_TRUE_FALSE = {"true": True, "false": False}


def _setting(name: str, default: Any, help_text: str, *, secret: bool = False) -> Any:
    # A secret is left out of the repr, so that no log can hold it.
    return field(default=default, repr=not secret, metadata={"name": name, "help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment can choose; see ``docs/settings.md``."""

    corpus: Path = _setting("BOT_CORPUS", Path("corpus"), "Folder of explainers and interviews.")
    index: Path = _setting("BOT_INDEX", Path("indexes"), "Folder where Builds live.")
    keep_builds: int = _setting("BOT_KEEP_BUILDS", 3, "How many Builds stay for going back; 1 or more.")
    builds: str = _setting(
        "BOT_BUILDS",
        "",
        "Where machines share Builds, s3://BUCKET/PREFIX or file:///FOLDER: `ingest` puts them there, and what serves "
        "fetches them.",
    )
    builds_every_s: int = _setting(
        "BOT_BUILDS_EVERY_S", 2, "How many seconds pass at most between two looks for a new Build there; 1 or more."
    )
    engine: str = _setting(
        "BOT_ENGINE",
        "",
        "Where the vectors of Builds are searched: postgresql://USER:PASSWORD@HOST:PORT/NAME, with pgvector 0.8 or "
        "newer. Without it here, by FAISS.",
    )
    model: str = _setting(
        "BOT_MODEL", "sentence-transformers/all-MiniLM-L6-v2", "sentence-transformers model: a name or a folder."
    )
    repeated_answers: int = _setting(
        "BOT_REPEATED_ANSWERS",
        512,
        "How many answers a worker keeps in memory for questions that come again, without the questions; 0 for none.",
    )
    host: str = _setting("HOST", "127.0.0.1", "Address of the development server.")
    port: int = _setting("PORT", 8000, "Port to serve on; the platform sets it in production.")
    database_url: str = _setting(
        "DATABASE_URL", "sqlite:///var/bot.sqlite3", "SQLAlchemy URL; postgres:// is understood as well."
    )
    database_wait_s: int = _setting(
        "BOT_DATABASE_WAIT_S",
        2,
        "How many seconds an answer waits for a database that does not answer, before it is given without being "
        "remembered; 1 or more.",
    )
    contact_key: str = _setting(
        "BOT_CONTACT_KEY",
        "",
        "Fernet keys, separated by commas, that seal how families can be reached: the first seals, any opens.",
        secret=True,
    )
    retention_days: int = _setting(
        "BOT_RETENTION_DAYS", 30, "After how many days `python -m bot purge` removes a turn; 1 or more."
    )
    secret_key: str = _setting(
        "BOT_SECRET_KEY",
        "",
        "Signs the tokens of the chat's frames and the console's cookies, and seals second factors and webhooks' "
        "secrets: secrets of 32 characters or more, separated by commas, the first signs and seals, any opens. Without "
        "it one is made and kept in the database.",
        secret=True,
    )
    second_factor_required: bool = _setting(
        "BOT_SECOND_FACTOR_REQUIRED", False, "Staff must set up a second factor before they can do anything else."
    )
    oidc_issuer: str = _setting(
        "BOT_OIDC_ISSUER", "", "The OpenID Connect provider that staff may sign in with, beside passwords: its address."
    )
    oidc_client_id: str = _setting("BOT_OIDC_CLIENT_ID", "", "What this service is called at the provider.")
    oidc_client_secret: str = _setting("BOT_OIDC_CLIENT_SECRET", "", "Its secret there.", secret=True)
    oidc_roles: str = _setting(
        "BOT_OIDC_ROLES",
        "",
        "Which value of the claim gives which role: admin=VALUE,editor=VALUE,agent=VALUE. Who has none is not let in.",
    )
    oidc_role_claim: str = _setting("BOT_OIDC_ROLE_CLAIM", "roles", "The claim that holds these values.")
    oidc_name_claim: str = _setting("BOT_OIDC_NAME_CLAIM", "preferred_username", "The claim that holds the name.")
    curated_four_eyes: bool = _setting(
        "BOT_CURATED_FOUR_EYES", True, "Nobody approves a curated answer that they wrote themselves."
    )
    smtp_url: str = _setting(
        "BOT_SMTP_URL",
        "",
        "smtp://USER:PASSWORD@HOST:PORT?starttls=1 or smtps://…; without it replies are not mailed.",
        secret=True,
    )
    mail_from: str = _setting("BOT_MAIL_FROM", "", "The sender of mail; needed with BOT_SMTP_URL.")
    urgent_to: str = _setting(
        "BOT_URGENT_TO",
        "",
        "Who is mailed when a ticket is or becomes urgent: addresses separated by commas; needs BOT_SMTP_URL. The "
        "mail has a link and no words of a family.",
    )
    digest_to: str = _setting("BOT_DIGEST_TO", "", "Who gets `python -m bot digest`: addresses separated by commas.")
    trusted_hosts: str = _setting(
        "BOT_TRUSTED_HOSTS", "", "HOST:PORT, separated by commas, that webhooks may reach although they are not public."
    )
    service_name: str = _setting("BOT_SERVICE_NAME", "Rare Explainer", "Name shown to families.")
    publisher: str = _setting("BOT_PUBLISHER", "", "Who wrote what is quoted, as answers name it; else the service.")
    contact_url: str = _setting("BOT_CONTACT_URL", "", "Page or mailto: link where a person can be reached.")
    closed: bool = _setting("BOT_CLOSED", False, "Give no answers on any site; contacts are still shown.")
    client_per_minute: int = _setting(
        "BOT_CLIENT_PER_MINUTE",
        600,
        "Questions a minute from one address on our own site; 0 for no limit. A whole hospital may have one address.",
    )
    site_per_minute: int = _setting(
        "BOT_SITE_PER_MINUTE", 6000, "Questions a minute from all together on our own site; 0 for no limit."
    )
    rate_storage: str = _setting(
        "BOT_RATE_STORAGE",
        "memory://",
        "Where questions are counted: memory:// (each worker for itself) or redis://HOST:PORT/N (all together).",
        secret=True,
    )
    trusted_proxies: int = _setting(
        "BOT_TRUSTED_PROXIES", 0, "How many proxies in front of the server say in X-Forwarded-For whom they ask for."
    )
    country: str = _setting(
        "BOT_COUNTRY", "other", "Whose emergency numbers are shown: US, GB, EU, CA, AU, or other when it is not known."
    )
    public_url: str = _setting("BOT_PUBLIC_URL", "", "Origin of this service as families see it, without a slash.")
    metrics_token: str = _setting(
        "BOT_METRICS_TOKEN",
        "",
        "Who sends it as `Authorization: Bearer` sees /metrics; 32 characters or more. Without it nobody does.",
        secret=True,
    )
    offline: bool = _setting("HF_HUB_OFFLINE", True, "Never ask a model hub; a named model must be a local one.")

    def shown(self) -> list[tuple[str, str, str, bool]]:
        """Return name, value, help and whether it is the default, of each setting; of a secret, whether it is set."""
        rows = []
        for entry in fields(self):
            value = getattr(self, entry.name)
            text = str(value)
            # An address, such as that of a database, may hold a password.
            if not entry.repr or ("://" in text and "@" in text):
                text = "set" if value else "not set"
            rows.append((entry.metadata["name"], text, entry.metadata["help"], value == entry.default))
        return rows

    def trusted(self) -> frozenset[tuple[str, int]]:
        """Return the hosts and ports that webhooks may reach although they are not public."""
        pairs = (entry.strip().rpartition(":") for entry in self.trusted_hosts.split(",") if entry.strip())
        return frozenset((host, int(port)) for host, _, port in pairs)

    def urgent_addresses(self) -> list[str]:
        """Return the addresses of ``urgent_to``."""
        return [address.strip() for address in self.urgent_to.split(",") if address.strip()]

    def roles_by_claim(self) -> dict[str, str]:
        """Return the claim value that gives each role of ``oidc_roles``."""
        pairs = (pair.partition("=") for pair in self.oidc_roles.split(",") if pair.strip())
        return {role.strip(): value.strip() for role, _, value in pairs}

    def secret_keys(self) -> list[str]:
        """Return the secrets of ``secret_key``, the current one first."""
        return [key.strip() for key in self.secret_key.split(",")] if self.secret_key else []

    def contact_keys(self) -> list[str]:
        """Return the keys of ``contact_key``, the one to seal with first."""
        return [key.strip() for key in self.contact_key.split(",")] if self.contact_key else []


def read_environment() -> Settings:
    """Return the settings of this process, and keep model libraries off the network unless ``offline`` is false.

    :raises SettingsError: as ``load_settings``
    """
    settings = load_settings(os.environ)
    # huggingface_hub reads it on import, which happens later.
    os.environ["HF_HUB_OFFLINE"] = "1" if settings.offline else "0"
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return settings


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings that an environment gives, with defaults for the rest.

    :param environ: as ``os.environ``; an empty value counts as absent
    :raises SettingsError: for an unknown ``BOT_*`` name or a value that cannot be used
    """
    known = {entry.metadata["name"]: entry for entry in fields(Settings)}
    for name in environ:
        if name.startswith("BOT_") and name not in known:
            raise SettingsError(name, "an unknown name", f"one of {', '.join(sorted(known))}")
    given = {entry.name: _parse(entry, environ[name]) for name, entry in known.items() if environ.get(name)}
    settings = Settings(**given)
    check_settings(settings)
    return settings


def _parse(entry: Field[Any], value: str) -> Any:
    name = entry.metadata["name"]
    if isinstance(entry.default, bool):
        # Hub libraries take 1 and 0 for HF_HUB_OFFLINE, so both are accepted for it here.
        words = _TRUE_FALSE | ({"1": True, "0": False} if name == "HF_HUB_OFFLINE" else {})
        if value.lower() not in words:
            raise SettingsError(name, repr(value), "true or false")
        return words[value.lower()]
    if isinstance(entry.default, int):
        if not value.isascii() or not value.isdigit():
            raise SettingsError(name, repr(value), "a whole number")
        return int(value)
    return Path(value) if isinstance(entry.default, Path) else value
