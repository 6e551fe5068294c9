"""Tokens say for which site they were made, for an hour, to those who share the secret; and where that comes from."""

from __future__ import annotations

import multiprocessing
import stat
import time
from pathlib import Path

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.errors import SettingsError
from bot.sites.secret import secret_in
from bot.sites.tokens import LIFE_S, RENEWABLE_S, FrameTokens, TokenExpired, TokenInvalid

SECRET = b"s" * 32


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + seconds)


def test_a_token_holds_for_an_hour_and_can_be_renewed_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = FrameTokens(SECRET)
    token = tokens.issue("site_a")
    later(monkeypatch, LIFE_S - 5)
    assert tokens.site_of(token) == "site_a"
    later(monkeypatch, LIFE_S + 5)
    with pytest.raises(TokenExpired):
        tokens.site_of(token)
    assert tokens.site_of(token, max_age_s=RENEWABLE_S) == "site_a"
    later(monkeypatch, RENEWABLE_S + 5)
    with pytest.raises(TokenExpired):
        tokens.site_of(token, max_age_s=RENEWABLE_S)


def test_workers_with_one_secret_read_each_others_tokens_and_others_do_not() -> None:
    token = FrameTokens(SECRET).issue("site_a")
    assert FrameTokens(SECRET).site_of(token) == "site_a"
    with pytest.raises(TokenInvalid):
        FrameTokens(b"t" * 32).site_of(token)


@pytest.mark.parametrize("change", ["", "x", "a.b.c", "{token}x", "x{token}", "{token}{token}"])
def test_what_was_changed_is_no_token(change: str) -> None:
    tokens = FrameTokens(SECRET)
    with pytest.raises(TokenInvalid):
        tokens.site_of(change.format(token=tokens.issue("site_a")))


def test_a_signature_for_another_purpose_is_no_token() -> None:
    other = URLSafeTimedSerializer(SECRET, salt="another").dumps("site_a")
    with pytest.raises(TokenInvalid):
        FrameTokens(SECRET).site_of(str(other))


def test_the_secret_is_made_once_for_its_owner_alone_and_then_stays(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    first = secret_in(path)
    assert secret_in(path) == first
    assert len(first) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret-key"]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(secret_in, [tmp_path / "var" / "secret-key"] * 8)
    assert len(set(found)) == 1


def test_a_secret_that_cannot_be_made_or_is_damaged_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="BOT_SECRET_KEY"):
        secret_in(tmp_path / "file" / "secret-key")
    (tmp_path / "secret-key").write_text("short")
    with pytest.raises(SettingsError, match="damaged"):
        secret_in(tmp_path / "secret-key")
