"""Settings are parsed once and strictly."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, load_settings


def test_nothing_given_is_all_defaults() -> None:
    assert load_settings({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_KEEP_BUILD", "3"),
        ("BOT_KEEP_BUILDS", "many"),
        ("BOT_KEEP_BUILDS", "0"),
        ("PORT", "70000"),
        ("HF_HUB_OFFLINE", "yes"),
        ("BOT_CONTACT_URL", "javascript:alert(1)"),
    ],
)
def test_an_unknown_name_or_a_bad_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert refused.value.name == name
