"""Measure the contrast of an accent colour and derive the colours that go with it.

Contrast is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); colours are ``#rrggbb``. Knows nothing
of style sheets: a test compares the backgrounds here with those of ``base.css``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Scheme = Literal["light", "dark"]
# Criterion 1.4.3: text of ordinary size. The accent is the colour of links and the background of buttons.
NEEDED = 4.5

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_BLACK, _WHITE = "#000000", "#ffffff"
_STEP = 0.02
# Shares of the accent in the colours made from it, measured on our own accent's companions.
_DEEPER, _WASH = 0.8, 0.12


@dataclass(frozen=True, slots=True)
class Ground:
    """The colours around an accent in one scheme, by their names in the style sheet, and the text colour of buttons."""

    paper: str
    card: str
    sunken: str
    on_accent: str
    # An accent with too little contrast is mixed towards this colour.
    away: str


GROUNDS: dict[Scheme, Ground] = {
    "light": Ground("#faf6f0", "#fffdfa", "#f3ece2", _WHITE, _BLACK),
    "dark": Ground("#1a1816", "#24211e", "#2c2824", "#14110f", _WHITE),
}


@dataclass(frozen=True, slots=True)
class Contrast:
    """The worst contrast of an accent: its ratio, and what it is measured against."""

    ratio: float
    against: str
    colour: str


@dataclass(frozen=True, slots=True)
class Palette:
    """An accent with its companions, by their names in the style sheet."""

    accent: str
    accent_deep: str
    on_accent: str
    accent_wash: str


def is_colour(text: str) -> bool:
    """Say whether a text has the form ``#rrggbb``."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21; their order does not matter."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def worst_contrast(accent: str, scheme: Scheme) -> Contrast:
    """Return the place where an accent is hardest to read.

    :param accent: ``#rrggbb``.
    """
    ground = GROUNDS[scheme]
    places = (
        ("the page", ground.paper),
        ("cards", ground.card),
        ("sunken parts", ground.sunken),
        ("the words on buttons", ground.on_accent),
    )
    return min((Contrast(contrast(accent, colour), what, colour) for what, colour in places), key=lambda c: c.ratio)


def readable(accent: str, scheme: Scheme) -> str:
    """Return the accent, or the nearest mix with black or white whose worst contrast is ``NEEDED`` or more.

    :param accent: ``#rrggbb``.
    """
    share, found = 1.0, accent
    while worst_contrast(found, scheme).ratio < NEEDED:
        share -= _STEP
        found = _mixed(accent, GROUNDS[scheme].away, share)
    return found


def palette(accent: str, scheme: Scheme) -> Palette:
    """Return an accent with its companions.

    :param accent: ``#rrggbb``, already readable.
    """
    ground = GROUNDS[scheme]
    return Palette(
        accent=accent,
        accent_deep=_mixed(accent, ground.away, _DEEPER),
        on_accent=ground.on_accent,
        accent_wash=_mixed(accent, ground.card, _WASH),
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, other: str, share: float) -> str:
    """Mix two colours: ``share`` of the first, the rest of the other."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * max(share, 0.0) + b * (1 - max(share, 0.0))):02x}" for a, b in pairs)
