"""Curves over sizes -> one SVG that can be read on light and on dark pages. Both axes are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _COLUMNS = 360, 230, 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 20, 44, 40
# The page behind may be light or dark whatever the reader's system says, so the picture brings its own paper.
_STYLE = """
:root { --paper: #ffffff; --ink: #1f2328; --faint: #d0d7de; --line: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --paper: #161b22; --ink: #e6edf3; --faint: #3d444d; --line: #6cb6ff; } }
.paper { fill: var(--paper); } text { fill: var(--ink); font: 12px sans-serif; } .title { font-weight: bold; }
.grid { stroke: var(--faint); } .curve { stroke: var(--line); stroke-width: 2; fill: none; } .dot { fill: var(--line); }
"""


@dataclass(frozen=True, slots=True)
class Panel:
    """One curve: (passages, value), ascending; no value is zero."""

    title: str
    points: Sequence[tuple[float, float]]


def drawn(panels: Sequence[Panel]) -> str:
    """Return all panels as one SVG, two in a row, with every value in words for who cannot see it."""
    rows = -(-len(panels) // _COLUMNS)
    width, height = _COLUMNS * _WIDTH, rows * _HEIGHT
    told = "; ".join(f"{p.title}: " + ", ".join(f"{_number(y)} at {_number(x)}" for x, y in p.points) for p in panels)
    parts = [_panel(panel, _WIDTH * (n % _COLUMNS), _HEIGHT * (n // _COLUMNS)) for n, panel in enumerate(panels)]
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">',
        '<title id="t">What grows with the number of passages</title>',
        f'<desc id="d">{escape(told)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        *parts,
        "</svg>\n",
    ))  # fmt: skip


def _panel(panel: Panel, left: int, top: int) -> str:
    xs, ys = zip(*panel.points, strict=True)
    across = _Scale(_decades(xs), left + _LEFT, left + _WIDTH - _RIGHT)
    up = _Scale(_decades(ys), top + _HEIGHT - _BOTTOM, top + _TOP)
    places = [(across.at(x), up.at(y)) for x, y in panel.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return "\n".join((
        f'<text class="title" x="{left + 12}" y="{top + 22}">{escape(panel.title)}</text>',
        *_grid(across, up),
        f'<polyline class="curve" points="{path}"/>',
        *(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places),
        *(
            f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="{_anchor(x, places)}">{_number(value)}</text>'
            for (x, y), (_, value) in zip(places, panel.points, strict=True)
        ),
    ))  # fmt: skip


def _anchor(x: float, places: Sequence[tuple[float, float]]) -> str:
    """To the right of the first point and to the left of the last, where the axes have numbers of their own."""
    return {places[0][0]: "start", places[-1][0]: "end"}.get(x, "middle")


def _grid(across: _Scale, up: _Scale) -> list[str]:
    lines = []
    for power in across.powers:
        x = across.at(10.0**power)
        lines.append(f'<line class="grid" x1="{x:.1f}" y1="{up.begin}" x2="{x:.1f}" y2="{up.end}"/>')
        lines.append(f'<text x="{x:.1f}" y="{up.begin + 18}" text-anchor="middle">{_number(10.0**power)}</text>')
    for power in up.powers:
        y = up.at(10.0**power)
        lines.append(f'<line class="grid" x1="{across.begin}" y1="{y:.1f}" x2="{across.end}" y2="{y:.1f}"/>')
        lines.append(f'<text x="{across.begin - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(10.0**power)}</text>')
    return lines


@dataclass(frozen=True, slots=True)
class _Scale:
    powers: range
    begin: int
    end: int

    def at(self, value: float) -> float:
        share = (math.log10(value) - self.powers[0]) / max(1, len(self.powers) - 1)
        return self.begin + share * (self.end - self.begin)


def _decades(values: Sequence[float]) -> range:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(low, max(high, low + 1) + 1)


def _number(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    if value >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
