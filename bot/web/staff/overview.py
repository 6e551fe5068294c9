"""Show an overview that is read in ten seconds, its charts, and the same numbers as files.

Nothing is loaded from elsewhere.
"""

from __future__ import annotations

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from bot.triage.seeing.overview import Figures, Overview
from bot.web.staff.blueprint import staff
from bot.web.staff.charts import NARROW_PX, WIDE_PX, Chart, charts_of, draw
from bot.web.staff.desk import current_desk
from bot.web.staff.exporting import as_csv, as_json
from bot.web.staff.guard import for_role

CHOICES = (4, 12, 26)
_COLUMNS = ("week", "questions", "answered", "answered_share", "confidence", "helped", "did_not_help", "tickets",
            "response_h")  # fmt: skip
# pygal writes its colours into the file as inline styles; nothing in it runs.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@staff.get("/overview")
@for_role("agent")
def overview() -> str:
    """Show the overview."""
    weeks, site = asked_weeks(), asked_site()
    found = _found(weeks, site)
    return render_template(
        "staff/overview.html",
        overview=found,
        charts=_charts(found, weeks, site),
        weeks=weeks,
        site=site,
        choices=CHOICES,
        sites=current_desk().queue.choices().sites,
    )


@staff.get("/overview/<name>.svg")
@for_role("agent")
def overview_chart(name: str) -> Response:
    """Return one chart as a picture."""
    weeks, site = asked_weeks(), asked_site()
    chart = next((one for one in _charts(_found(weeks, site), weeks, site) if one.name == name), None)
    if chart is None or chart.is_empty:
        abort(404)
    response = make_response(draw(chart, width_px=NARROW_PX if request.args.get("narrow") else WIDE_PX))
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return response


@staff.get("/overview.csv")
@for_role("agent")
def overview_csv() -> Response:
    """Return the weeks as CSV."""
    return as_csv("overview", _COLUMNS, _rows(_found(asked_weeks(), asked_site())))


@staff.get("/overview.json")
@for_role("agent")
def overview_json() -> Response:
    """Return the weeks as JSON."""
    return as_json("overview", _COLUMNS, _rows(_found(asked_weeks(), asked_site())))


def asked_weeks() -> int:
    """Return how many weeks the address asks for, 12 by default."""
    weeks = request.args.get("weeks", type=int)
    return weeks if weeks in CHOICES else CHOICES[1]


def asked_site() -> str | None:
    """Return the site that the address asks for, ``None`` for all."""
    return request.args.get("site", "")[:64] or None


def _found(weeks: int, site: str | None) -> Overview:
    return current_desk().overviews.of(weeks, site=site)


def _charts(found: Overview, weeks: int, site: str | None) -> list[Chart]:
    return charts_of(found, current_desk().gaps.of(weeks, site=site))


def _rows(found: Overview) -> list[tuple[object, ...]]:
    return [(monday.isoformat(), *_row(week)) for monday, week in found.weeks.items()]


def _row(week: Figures) -> tuple[object, ...]:
    shares = (_rounded(week.answered_share), _rounded(week.confidence))
    return (week.questions, week.answered, *shares, week.up, week.down, week.tickets, _rounded(week.response_h))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
