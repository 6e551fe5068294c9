"""Settings are parsed once and strictly."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings

# 32 bytes in URL-safe base64, as Fernet.generate_key() makes them.
KEY = "-_" * 21 + "A="


def test_nothing_given_is_all_defaults() -> None:
    assert load_settings({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_KEEP_BUILD", "3"),
        ("BOT_KEEP_BUILDS", "many"),
        ("BOT_KEEP_BUILDS", "0"),
        ("BOT_BUILDS", "bucket/prefix"),
        ("BOT_BUILDS", "ftp://host/folder"),
        ("BOT_BUILDS", "file://folder"),
        ("BOT_BUILDS", "s3:///prefix"),
        ("BOT_BUILDS", "s3://key:secret@bucket"),
        ("BOT_BUILDS_EVERY_S", "0"),
        ("PORT", "70000"),
        ("DATABASE_URL", "/some/x"),
        ("DATABASE_URL", "bot.sqlite3"),
        ("DATABASE_URL", "sqlite://bot-secret.sqlite3"),
        ("DATABASE_URL", "mysql://bot:secret@db/bot"),
        ("DATABASE_URL", "https://db/bot"),
        ("DATABASE_URL", "postgresql+asyncpg://db/bot"),
        ("DATABASE_URL", "postgresql://bot:secret@db:port/bot"),
        ("DATABASE_URL", "postgresql://db:70000/bot"),
        ("BOT_ENGINE", "db/bot"),
        ("BOT_ENGINE", "sqlite:///bot-secret.sqlite3"),
        ("BOT_ENGINE", "milvus://bot:secret@db/bot"),
        ("BOT_ENGINE", "postgresql://bot:secret@db:port/bot"),
        ("HF_HUB_OFFLINE", "yes"),
        ("BOT_CONTACT_URL", "javascript:alert(1)"),
        ("BOT_SECRET_KEY", "a short secret"),
        ("BOT_CLOSED", "yes"),
        ("BOT_RATE_STORAGE", "memcached://secret@host"),
        ("BOT_TRUSTED_PROXIES", "-1"),
        ("BOT_CLIENT_PER_MINUTE", "many"),
        ("BOT_RETENTION_DAYS", "0"),
        ("BOT_RETENTION_DAYS", "-1"),
        ("BOT_CONTACT_KEY", "a secret of mine"),
        ("BOT_CONTACT_KEY", f"{KEY},"),
        ("BOT_CONTACT_KEY", KEY[:-2] + "=="),
    ],
)
def test_an_unknown_name_or_a_bad_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert refused.value.name == name
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["s3://bucket", "s3://bucket/a/b", "file:///FOLDER"])
def test_builds_may_travel_by_way_of_a_bucket_or_a_folder(address: str) -> None:
    assert load_settings({"BOT_BUILDS": address}).builds == address


@pytest.mark.parametrize(
    "url",
    ["sqlite:///var/bot.sqlite3", "sqlite:////srv/bot.sqlite3", "sqlite://", "postgres://u:p@db/bot",
     "postgresql+psycopg://u:p%40@db:5432/bot?sslmode=require", "postgresql:///bot?host=/run/postgresql"],
)  # fmt: skip
def test_addresses_of_both_databases_are_taken(url: str) -> None:
    assert load_settings({"DATABASE_URL": url}).database_url == url


def test_keys_are_read_in_their_order_and_never_shown() -> None:
    other = "B" * 42 + "A="
    settings = load_settings({"BOT_CONTACT_KEY": f"{KEY}, {other}"})
    assert settings.contact_keys() == [KEY, other]
    assert KEY not in repr(settings)
    assert load_settings({}).contact_keys() == []


def test_what_admins_see_of_the_settings_holds_no_secret_and_no_password_of_an_address() -> None:
    secret = "hunter2hunter2hunter2hunter2hunter2"
    settings = load_settings(
        {
            "BOT_SECRET_KEY": secret,
            "DATABASE_URL": f"postgresql://bot:{secret}@db.example/bot",
            "BOT_RATE_STORAGE": f"redis://:{secret}@cache.example:6379/0",
            "BOT_SMTP_URL": f"smtp://bot:{secret}@mail.example",
            "BOT_MAIL_FROM": "bot@answers.example",
        }
    )
    shown = {name: value for name, value, _, _ in settings.shown()}
    assert secret not in str(shown)
    assert (shown["DATABASE_URL"], shown["BOT_CONTACT_KEY"], shown["PORT"]) == ("set", "not set", "8000")
