"""Show gaps, which families ask about most and nobody has written about, and three ways to close one.

The ways are: wordings for a passage that answers, an answer in staff's own words, or a new explainer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain, count

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from bot.records import Hit
from bot.triage.curating.draft import Draft, tidied, what_is_wrong
from bot.triage.seeing.gaps import Gap
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.curated import curated_page
from bot.web.staff.desk import current_desk
from bot.web.staff.drafting import chosen_sentences
from bot.web.staff.guard import for_role, me
from bot.web.staff.overview import CHOICES, asked_site, asked_weeks
from bot.web.staff.suggesting import approved_near, hits_near, sentences_of, telling_sentences

_NEAREST = 5
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,9}")
_WORD = re.compile(r"[^\W\d_]{4,}")
# Words that nearly every question has: nobody needs to know that a text lacks them.
_COMMON = frozenset((
    "what", "when", "where", "which", "does", "have", "with", "that", "this", "from", "your", "they", "them", "there",
    "their", "about", "would", "could", "should", "please", "help", "child", "daughter", "thanks", "anybody", "know",
))  # fmt: skip


@staff.get("/gaps")
@for_role("agent")
def gaps() -> str:
    """List what was asked most without an answer."""
    weeks, site = asked_weeks(), asked_site()
    return render_template(
        "staff/gaps.html",
        gaps=current_desk().gaps.of(weeks, site=site),
        weeks=weeks,
        site=site,
        choices=CHOICES,
        sites=current_desk().queue.choices().sites,
    )


@staff.get("/gaps/<ticket_id>")
@for_role("agent")
def gaps_detail(ticket_id: str) -> str:
    """Show one gap with what the corpus has nearby: the brief for an editor."""
    return _page(_known(ticket_id))


@staff.post("/gaps/<ticket_id>/bank")
@for_role("agent")
def bank_wordings(ticket_id: str) -> Response:
    """Begin a draft from a passage that answers a gap, with the gap's wordings, and show what would change."""
    gap, chosen = _known(ticket_id), chosen_sentences(3 * _NEAREST)
    source = None if chosen is None else current_service().answerer.source(chosen.source_id)
    if chosen is None or source is None:
        return make_response(_page(gap, fault="Tick one to three sentences that follow one another."), 422)
    draft = tidied(Draft(tuple(request.form.getlist("wording")), source.text[slice(*chosen.span)], chosen=chosen))
    faults = what_is_wrong(draft, datetime.now(UTC).date())
    if faults:
        return make_response(_page(gap, fault=" ".join(faults)), 422)
    desk = current_desk()
    curated_id = desk.curating.begin(draft, by=me().staff)
    return curated_page(curated_id, effects=desk.trials.effects(curated_id, draft), ticket_id=ticket_id)


def _page(gap: Gap, *, slug: str = "", fault: str | None = None) -> str:
    words = gap.wordings[0] if gap.wordings else ""
    nearest = hits_near(words, _NEAREST)
    return render_template(
        "staff/gap.html",
        gap=gap,
        nearest=[(hit.passage, sentences_of(hit), telling_sentences(hit, words)) for hit in nearest],
        approved=approved_near(words),
        lacking=_lacking(gap, nearest),
        slug=slug or _free(_slug_of(gap)),
        fault=fault,
        weeks=asked_weeks(),
    )


def _is_taken(slug: str) -> bool:
    return current_service().answerer.source(slug) is not None


def _free(slug: str) -> str:
    """Return a name that no source has."""
    names = chain([slug], (f"{slug}-{number}" for number in count(2)))
    return next(name for name in names if not _is_taken(name))


@staff.post("/gaps/<ticket_id>/explainer")
@for_role("editor")
def begin_explainer(ticket_id: str) -> Response:
    """Return a new explainer from the template, with the families' wordings as its questions."""
    from bot.editing.template import text_of_new_source

    gap, slug = _known(ticket_id), request.form.get("slug", "").strip()
    if not _SLUG.fullmatch(slug) or _is_taken(slug):
        fault = (
            "Name it in small letters and digits, joined by hyphens."
            if not _SLUG.fullmatch(slug)
            else (
                f"There is a source {slug} already; this would take its place. Choose another name, or edit that one."
            )
        )
        return make_response(_page(gap, slug=slug, fault=fault), 422)
    today = datetime.now(UTC).date()
    response = make_response(text_of_new_source("explainer", slug, today=today, questions=gap.wordings))
    response.headers["Content-Type"] = "text/markdown; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.md"'
    return response


def _known(ticket_id: str) -> Gap:
    gap = current_desk().gaps.one(ticket_id, CHOICES[-1])
    if gap is None:
        abort(404)
    return gap


def _lacking(gap: Gap, nearest: Sequence[Hit]) -> list[str]:
    """Return words of the wordings that none of the nearest passages has."""
    there = " ".join(f"{hit.passage.source_title} {hit.passage.text}" for hit in nearest).casefold()
    words = dict.fromkeys(word.casefold() for text in gap.wordings for word in _WORD.findall(text))
    return [word for word in words if word not in there and word not in _COMMON][:12]


def _slug_of(gap: Gap) -> str:
    words = re.findall(r"[a-z0-9]+", gap.wordings[0].casefold()) if gap.wordings else []
    telling = [word for word in words if word not in _COMMON and len(word) > 3]
    return "-".join((telling or words)[:4]) or "new-explainer"
