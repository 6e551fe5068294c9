"""Turn figures into charts: the numbers of each as a table, and an SVG drawn by pygal.

Knows nothing of requests.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.triage.seeing.gaps import Gap
from bot.triage.seeing.overview import Overview

Number = float | int | None
Kind = Literal["bars", "lines", "ranks"]
_SCRIPT = re.compile(rb"<script.*?(?:</script>|/>)", re.DOTALL)
_LABEL_CHARS = 34
_FEWEST_PLACES, _FEWEST = 3, 10
_FEW_HOURS = 3
WIDE_PX, NARROW_PX = 640, 340
_LIGHT = {"ink": "#2c2520", "soft": "#62574d", "line": "#e3d8ca"}
_DARK = {"ink": "#efe7dc", "soft": "#bcb0a2", "line": "#3d3731"}
# Distinguishable for people who cannot tell red from green, on light and dark backgrounds.
_COLOURS = ("#2a8a86", "#d08a2e", "#8a5fa8")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers, one for each label."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; ``unit`` follows each number."""

    name: str
    title: str
    kind: Kind
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)

    @property
    def is_small(self) -> bool:
        """Say whether a few numbers tell it better than a picture: fewer than three weeks, or next to nothing."""
        told = [value for series in self.series for value in series.values if value]
        places = {place for series in self.series for place, value in enumerate(series.values) if value}
        return self.kind != "ranks" and (len(places) < _FEWEST_PLACES or (self.unit == "" and sum(told) < _FEWEST))


def charts_of(overview: Overview, gaps: Sequence[Gap]) -> list[Chart]:
    """Return the charts of the overview, in reading order."""
    weeks = [week for monday, week in overview.weeks.items() if overview.is_kept(monday)]
    labels = [f"{monday.day} {monday:%b}" for monday in overview.weeks if overview.is_kept(monday)]
    if labels:
        # The current week has only begun, and would look like a fall.
        labels[-1] = "so far"
    topics, missing = overview.topics, gaps[:10]
    responses = [week.response_h for week in weeks]
    # An axis that repeats "0 h" says nothing.
    unit, factor = ("minutes", 60) if max((hours or 0 for hours in responses), default=0) < _FEW_HOURS else ("hours", 1)
    return [
        Chart("questions", "Questions a week", "bars", labels, (
            Series("answered", [week.answered for week in weeks]),
            Series("not answered", [week.questions - week.answered for week in weeks]),
        )),
        Chart("answered", "Answered share", "lines", labels,
              (Series("answered", [_percent(week.answered_share) for week in weeks]),), "%"),
        Chart("confidence", "Confidence of the answers", "lines", labels,
              (Series("mean", [_percent(week.confidence) for week in weeks]),), "%"),
        Chart("feedback", "What families said of the answers", "bars", labels, (
            Series("it helped", [week.up for week in weeks]),
            Series("it did not", [week.down for week in weeks]),
        )),
        Chart("response", f"Median first response, in {unit}", "bars", labels,
              (Series(unit, [_rounded(hours, factor) for hours in responses]),)),
        Chart("topics", "What the last 1,000 answers quoted", "ranks", [_short(title) for title, _ in topics],
              (Series("answers", [count for _, count in topics]),)),
        Chart("gaps", "Asked most without an answer", "ranks", [_short(_name(gap)) for gap in missing],
              (Series("families", [gap.size for gap in missing]),)),
    ]  # fmt: skip


def draw(chart: Chart, *, width_px: int = WIDE_PX) -> bytes:
    """Return a chart as an SVG document in UTF-8 that follows the reader's light or dark scheme, without script.

    :param chart: not empty
    """
    # Imported here, since few workers ever draw.
    import pygal
    from pygal.style import Style

    # pygal looks for plug-ins at every later import, in a way that Python warns of; we have none.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

    style = Style(
        background="transparent", plot_background="transparent", foreground=_LIGHT["soft"],
        foreground_strong=_LIGHT["ink"], foreground_subtle=_LIGHT["line"], colors=_COLOURS, opacity=".9",
        font_family="system-ui, sans-serif", label_font_size=13, major_label_font_size=13, legend_font_size=14,
        value_font_size=13, tooltip_font_size=13, no_data_font_size=16,
    )  # fmt: skip
    kinds = {"bars": pygal.StackedBar, "lines": pygal.Line, "ranks": pygal.HorizontalBar}
    picture = kinds[chart.kind](
        style=style, js=[], width=width_px, height=340 if chart.kind != "ranks" else 120 + 28 * len(chart.labels),
        show_legend=len(chart.series) > 1, legend_at_bottom=True, legend_at_bottom_columns=2, margin=8, margin_right=24,
        value_formatter=lambda value: f"{value:,.0f}{chart.unit}", x_label_rotation=0, show_y_guides=True,
        truncate_label=-1, disable_xml_declaration=False, include_x_axis=True, dots_size=3, stroke_style={"width": 3},
        # Ranks show their numbers in the bars; for weeks, a few dates are enough.
        **({"print_values": True, "show_x_labels": False} if chart.kind == "ranks"
           else {"x_labels_major_count": 6 if width_px == WIDE_PX else 3, "show_minor_x_labels": False}),
        **({"range": (0, 100)} if chart.unit == "%" else {}),
    )  # fmt: skip
    picture.config.css = [*picture.config.css, f"inline:{_css()}"]
    if chart.kind == "ranks":
        # Drawn from the bottom up; the first belongs at the top.
        picture.x_labels = list(reversed(chart.labels))
        for series in chart.series:
            picture.add(series.name, list(reversed(series.values)))
    else:
        picture.x_labels = list(chart.labels)
        for series in chart.series:
            picture.add(series.name, list(series.values))
    # pygal always adds settings for its own script, which is not loaded.
    return _SCRIPT.sub(b"", picture.render())


def _css() -> str:
    """Return quiet guide lines, and the colours of the dark scheme."""
    quiet = ".axis .guide.line, .axis .major.guide.line { stroke-dasharray: none !important; "
    light = f"{quiet} stroke: {_LIGHT['line']} !important; }}"
    text = f"text, .axis text.major {{ fill: {_DARK['soft']} !important; }}"
    dark = f"{quiet} stroke: {_DARK['line']} !important; }} .axis .line {{ stroke: {_DARK['line']} !important; }}"
    return f"{light} @media (prefers-color-scheme: dark) {{ {text} {dark} }}"


def _percent(share: float | None) -> Number:
    return None if share is None else round(100 * share, 1)


def _rounded(value: float | None, factor: int = 1) -> Number:
    return None if value is None else round(value * factor, 1)


def _short(text: str) -> str:
    return text if len(text) <= _LABEL_CHARS else f"{text[: _LABEL_CHARS - 1].rstrip()}…"


def _name(gap: Gap) -> str:
    return gap.wordings[0] if gap.wordings else "words not kept"
