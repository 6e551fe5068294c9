"""Requests see a change within a second, ask the database at most once a second, and do without it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import MemoryUnavailable
from bot.sites.keys import digest_of
from bot.sites.live import REREAD_AFTER_S, LiveSites
from bot.sites.store import SiteStore, Snapshot
from tests.sites.partners import a_store, add_partner


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Counting(SiteStore):
    """Counts how often it is read; ``down`` makes it fail."""

    def __init__(self, store: SiteStore) -> None:
        super().__init__(store.database)
        self.reads = 0
        self.marks = 0
        self.down = False

    def snapshot(self) -> Snapshot:
        self.reads += 1
        if self.down:
            raise MemoryUnavailable("OperationalError")
        return super().snapshot()

    def mark_used(self, *given: object) -> None:
        self.marks += 1
        if self.down:
            raise MemoryUnavailable("OperationalError")
        super().mark_used(*given)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Counting:
    return Counting(a_store(f"sqlite:///{tmp_path}/bot.sqlite3"))


def test_a_change_is_seen_after_a_second_and_not_before_and_many_requests_are_one_reading(store: Counting) -> None:
    clock = Clock()
    partner = add_partner(store)
    sites = LiveSites(store, clock=clock)
    found = sites.find(partner.id)
    assert found is not None
    assert found.enabled
    store.set_enabled(partner.id, False, by="tests")
    clock.now += REREAD_AFTER_S / 2
    assert [sites.find(partner.id) for _ in range(100)] == [found] * 100
    assert store.reads == 1
    clock.now += REREAD_AFTER_S / 2
    again = sites.find(partner.id)
    assert again is not None
    assert not again.enabled
    assert store.reads == 2


def test_while_the_database_is_down_what_was_read_last_holds(store: Counting, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    partner = add_partner(store)
    store.set_closed(True, by="tests")
    sites = LiveSites(store, clock=clock)
    assert sites.closed()
    store.down = True
    clock.now += 60
    with caplog.at_level(logging.ERROR, logger="bot"):
        assert sites.closed()
        assert sites.find(partner.id) == partner.site
        assert sites.owner_of(partner.key) == partner.id
    assert "OperationalError" in caplog.text
    assert partner.key not in caplog.text


def test_a_setting_closes_whatever_the_database_says(store: Counting) -> None:
    assert LiveSites(store, closed=True).closed()
    assert not LiveSites(store, closed=False).closed()


def test_an_old_key_is_good_to_the_last_second_of_its_day_and_not_after(
    store: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, ending = add_partner(store), add_partner(store, name="Other")
    sites = LiveSites(store, reread_after_s=0)
    monkeypatch.setattr("bot.sites.store.OVERLAP", timedelta(seconds=-1))
    store.rotate(ended.id, by="tests")
    monkeypatch.setattr("bot.sites.store.OVERLAP", timedelta(seconds=60))
    store.rotate(ending.id, by="tests")
    assert (sites.owner_of(ended.key), sites.owner_of(ending.key)) == (None, ending.id)


def test_a_key_is_known_until_it_ends_and_its_day_is_written_once(
    store: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = add_partner(store)
    sites = LiveSites(store, reread_after_s=0)
    assert [sites.owner_of(partner.key) for _ in range(5)] == [partner.id] * 5
    assert store.marks == 1
    assert store.keys_of(partner.id)[0].last_used_on == datetime.now(UTC).date()
    assert sites.owner_of(partner.key + "x") is None
    assert sites.owner_of(digest_of(partner.key)) is None
    assert sites.owner_of("") is None
    store.rotate(partner.id, by="tests")
    assert sites.owner_of(partner.key) == partner.id
    store.rotate(partner.id, at_once=True, by="tests")
    assert sites.owner_of(partner.key) is None


def test_before_anything_could_be_read_our_site_is_open_and_of_partners_nothing_is_known(
    store: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    partner = add_partner(store)
    sites = LiveSites(store, clock=clock)
    store.down = True
    with caplog.at_level(logging.ERROR, logger="bot"):
        for _ in range(5):
            clock.now += REREAD_AFTER_S
            assert not sites.closed()
            for ask in (lambda: sites.find(partner.id), lambda: sites.owner_of(partner.key)):
                with pytest.raises(MemoryUnavailable):
                    ask()
    assert len(caplog.messages) == 1
    store.down = False
    clock.now += REREAD_AFTER_S
    assert sites.find(partner.id) == partner.site
