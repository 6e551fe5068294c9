"""Contrast as WCAG counts it, against the grounds that the style sheet really has."""

from __future__ import annotations

import re

import pytest

from bot.sites.contrast import GROUNDS, NEEDED, contrast, palette, readable, worst_contrast
from tests.structure.tree import TOP

BASE = (TOP / "bot/web/static/base.css").read_text(encoding="utf-8")
LIGHT, DARK = BASE.split("@media (prefers-color-scheme: dark)")[:2]
COLOURS = ["#1d5c5a", "#7a1f5c", "#004080", "#8a4b2a", "#333333", "#ff0000", "#00ff88", "#0000ff", "#ffffff", "#000000"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_the_known_examples_in_either_order(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize(("scheme", "sheet"), [("light", LIGHT), ("dark", DARK)])
def test_the_grounds_are_those_of_the_style_sheet(scheme: str, sheet: str) -> None:
    for name in ("paper", "card", "sunken"):
        (found,) = re.findall(rf"--{name}: (#[0-9a-f]{{6}});", sheet)
        assert getattr(GROUNDS[scheme], name) == found  # type: ignore[index]


@pytest.mark.parametrize(("scheme", "sheet"), [("light", LIGHT), ("dark", DARK)])
def test_our_own_accent_would_be_saved(scheme: str, sheet: str) -> None:
    accent = re.findall(r"--accent: (#[0-9a-f]{6});", sheet)[0]
    assert worst_contrast(accent, scheme).ratio >= NEEDED  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_every_accent_becomes_readable_with_all_that_goes_with_it(colour: str, scheme: str) -> None:
    accent = readable(colour, scheme)  # type: ignore[arg-type]
    made = palette(accent, scheme)  # type: ignore[arg-type]
    assert worst_contrast(accent, scheme).ratio >= NEEDED  # type: ignore[arg-type]
    assert contrast(made.accent_deep, made.on_accent) >= NEEDED
    assert contrast(made.accent_deep, made.accent_wash) >= NEEDED
    ink = re.findall(r"--ink: (#[0-9a-f]{6});", LIGHT if scheme == "light" else DARK)[0]
    assert contrast(ink, made.accent_wash) >= NEEDED
