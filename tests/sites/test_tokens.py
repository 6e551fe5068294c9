"""Tokens say for which site they were made, for an hour, to those who share the secret; and where that comes from."""

from __future__ import annotations

import time

import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.sites.tokens import LEEWAY_S, LIFE_S, RENEWABLE_S, FrameTokens, TokenExpired, TokenInvalid

SECRET = b"s" * 32


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + seconds)


def test_a_token_holds_for_an_hour_and_can_be_renewed_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = FrameTokens([SECRET])
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


@pytest.mark.parametrize(("behind_s", "is_taken"), [(2, True), (LEEWAY_S - 5, True), (LEEWAY_S + 5, False)])
def test_a_node_whose_clock_is_behind_takes_fresh_tokens(
    monkeypatch: pytest.MonkeyPatch, behind_s: int, is_taken: bool
) -> None:
    tokens = FrameTokens([SECRET])
    token = tokens.issue("site_a")
    later(monkeypatch, -behind_s)
    if is_taken:
        assert tokens.site_of(token) == "site_a"
    else:
        with pytest.raises(TokenInvalid):
            tokens.site_of(token)


def test_workers_with_one_secret_read_each_others_tokens_and_others_do_not() -> None:
    token = FrameTokens([SECRET]).issue("site_a")
    assert FrameTokens([SECRET]).site_of(token) == "site_a"
    with pytest.raises(TokenInvalid):
        FrameTokens([b"t" * 32]).site_of(token)


@pytest.mark.parametrize("change", ["", "x", "a.b.c", "{token}x", "x{token}", "{token}{token}"])
def test_what_was_changed_is_no_token(change: str) -> None:
    tokens = FrameTokens([SECRET])
    with pytest.raises(TokenInvalid):
        tokens.site_of(change.format(token=tokens.issue("site_a")))


def test_a_signature_for_another_purpose_is_no_token() -> None:
    other = URLSafeTimedSerializer(SECRET, salt="another").dumps("site_a")
    with pytest.raises(TokenInvalid):
        FrameTokens([SECRET]).site_of(str(other))
