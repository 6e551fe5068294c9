"""Sites and keys survive, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import MemoryUnavailable, SiteUnknown
from bot.sites.keys import digest_of
from bot.sites.site import Site
from bot.storage.tables import PartnerSite
from tests.sites.partners import a_site, a_store, add_partner
from tests.storage.stores import rows

FULL = {
    "origins": ("https://a.example", "https://*.b.example"), "tags": ("genetics", "Trials"), "country": "GB",
    "greeting": "Hello", "accent_light": "#7a1f5c", "accent_dark": "#eab08c", "languages": ("es", "en"),
    "contact_url": "mailto:help@a.example", "client_per_minute": 5, "site_per_minute": 50, "voice": True,
}  # fmt: skip


def test_the_columns_of_a_site_are_the_fields_of_its_record() -> None:
    assert set(PartnerSite.__table__.columns.keys()) == {field.name for field in fields(Site)}


def test_a_site_comes_back_as_it_was_saved(database_url: str) -> None:
    store = a_store(database_url)
    partner = add_partner(store, **FULL)
    plain = add_partner(store, name="Another")
    assert store.find(partner.id) == partner.site
    assert list(store.snapshot().sites.values()) == [plain.site, partner.site]
    changed = replace(partner.site, name="Renamed", enabled=False, tags=())
    store.save(changed, by="tests")
    assert store.find(partner.id) == changed
    store.database.close()


def test_a_site_that_is_not_there_is_said(database_url: str) -> None:
    store = a_store(database_url)
    with pytest.raises(SiteUnknown, match="site_none"):
        store.find("site_none")
    with pytest.raises(SiteUnknown, match="site_none"):
        store.rotate("site_none", by="tests")
    with pytest.raises(SiteUnknown):
        store.save(a_site(), by="tests")
    with pytest.raises(SiteUnknown):
        store.set_enabled("site_none", True, by="tests")
    store.database.close()


def test_a_key_is_nowhere_kept(database_url: str) -> None:
    store = a_store(database_url)
    partner = add_partner(store)
    store.database.close()
    (row,) = rows(database_url, "site_key")
    assert row["digest"] == digest_of(partner.key)
    assert partner.key not in str([*rows(database_url, "site"), row])
    assert len(partner.key) == len("key_") + 43


def test_a_new_key_leaves_the_old_one_a_day_and_another_new_one_does_not_make_it_longer(database_url: str) -> None:
    store = a_store(database_url)
    partner = add_partner(store)
    second = store.rotate(partner.id, by="tests")
    ends = store.snapshot().keys[digest_of(partner.key)].expires_at
    assert ends is not None
    assert timedelta(hours=23, minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=24)
    third = store.rotate(partner.id, by="tests")
    kept = store.snapshot().keys
    assert kept[digest_of(partner.key)].expires_at == ends
    assert kept[digest_of(second)].expires_at is not None
    assert kept[digest_of(third)].expires_at is None
    assert store.keys_of(partner.id)[0].digest == digest_of(third)
    store.database.close()


def test_a_key_that_was_seen_by_others_ends_at_once_and_other_sites_keep_theirs(database_url: str) -> None:
    store = a_store(database_url)
    one, other = add_partner(store), add_partner(store, name="Other")
    new = store.rotate(one.id, at_once=True, by="tests")
    assert set(store.snapshot().keys) == {digest_of(new), digest_of(other.key)}
    store.database.close()


def test_a_key_that_has_ended_is_cleared_away_by_the_next_rotation(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store(database_url)
    partner = add_partner(store)
    monkeypatch.setattr("bot.sites.store.OVERLAP", timedelta(seconds=-1))
    second = store.rotate(partner.id, by="tests")
    third = store.rotate(partner.id, by="tests")
    assert set(store.snapshot().keys) == {digest_of(second), digest_of(third)}
    store.database.close()


def test_the_day_of_use_is_kept_and_no_hour(database_url: str) -> None:
    store = a_store(database_url)
    partner = add_partner(store)
    store.mark_used(digest_of(partner.key), date(2026, 10, 1))
    assert store.keys_of(partner.id)[0].last_used_on == date(2026, 10, 1)
    store.database.close()


def test_a_change_that_cannot_be_written_down_is_not_made(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(database_url)
    partner = add_partner(store)
    before = store.snapshot()

    def full(*given: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("bot.storage.audit.write", full)
    changes: list[Callable[[], object]] = [
        lambda: store.add(a_site(), by="tests"),
        lambda: store.save(replace(partner.site, name="Renamed"), by="tests"),
        lambda: store.set_enabled(partner.id, False, by="tests"),
        lambda: store.rotate(partner.id, by="tests"),
        lambda: store.set_closed(True, by="tests"),
    ]
    for change in changes:
        with pytest.raises(MemoryUnavailable):
            change()
    assert store.snapshot() == before
    store.database.close()


def test_closing_twice_is_closing_and_opening_opens(database_url: str) -> None:
    store = a_store(database_url)
    assert not store.snapshot().closed
    store.set_closed(True, by="tests")
    store.set_closed(True, by="tests")
    assert store.snapshot().closed
    store.set_closed(False, by="tests")
    assert not store.snapshot().closed
    store.database.close()
