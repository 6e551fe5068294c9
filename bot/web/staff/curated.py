"""Serve curated answers: the list, one with its versions, what would change, approval and retirement.

A version that somebody replaced in the meantime is not approved.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.triage.curating.curating import CuratedRow, Refusal
from bot.triage.curating.effects import Effects
from bot.triage.replying.checking import doubts_about, token_of
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

_REFUSALS: dict[Refusal, str] = {
    "conflict": "Somebody edited it meanwhile; this is the version as it is now. Nothing was approved.",
    "own_words": "You wrote this version, so somebody else has to approve it (BOT_CURATED_FOUR_EYES).",
    "unknown": "There is no such version. Nothing was approved.",
}


_LOOK_FIRST = "Nothing was approved. Look first at what would change, below, and then approve it."


@staff.get("/curated")
@for_role("agent")
def curated() -> str:
    """List all curated answers, and which of them are withheld because their source changed."""
    rows = current_desk().curating.all()
    who, curating = me().staff, current_desk().curating
    reviews = {row.id for row in rows if who.may("editor") and not curating.is_own(row, who)}
    changed = {row.id for row in rows if _has_changed(row)}
    return render_template("staff/curated.html", rows=rows, changed=changed, reviews=reviews)


@staff.get("/curated/<curated_id>")
@for_role("agent")
def curated_detail(curated_id: str) -> Response:
    """Show a curated answer with its versions."""
    return curated_page(curated_id)


@staff.post("/curated/<curated_id>/effects")
@for_role("agent")
def curated_effects(curated_id: str) -> Response:
    """Show what would change if the latest version were approved, or if the answer were retired."""
    row = _known(curated_id)
    is_retiring = request.form.get("do") == "retire"
    effects = current_desk().trials.effects(curated_id, None if is_retiring else row.latest.draft)
    return curated_page(curated_id, effects=effects, is_retiring=is_retiring)


@staff.post("/curated/<curated_id>/approve")
@for_role("editor")
def approve_curated(curated_id: str) -> Response:
    """Approve a version, so that families get it from now on."""
    row, number = _known(curated_id), request.form.get("number", type=int)
    desk = current_desk()
    if number != row.latest.number:
        return curated_page(curated_id, fault=_REFUSALS["conflict"], status=409)
    if not desk.curating.is_own(row, me().staff) and request.form.get("looked") != _token(row):
        effects = desk.trials.effects(curated_id, row.latest.draft)
        return curated_page(curated_id, effects=effects, fault=_LOOK_FIRST, status=422)
    outcome = desk.curating.approve(curated_id, number, *desk.trials.vectors_of(row.latest.draft), by=me().staff)
    if isinstance(outcome, str):
        return curated_page(curated_id, fault=_REFUSALS[outcome], status=403 if outcome == "own_words" else 409)
    flash("Approved. Families get it from now on.", "done")
    if (ticket_id := request.form.get("ticket", "")) and current_desk().queue.some([ticket_id]):
        return redirect(url_for("staff.ticket", ticket_id=ticket_id), 303)
    return redirect(url_for("staff.curated_detail", curated_id=curated_id), 303)


@staff.post("/curated/<curated_id>/retire")
@for_role("editor")
def retire_curated(curated_id: str) -> Response:
    """Retire an answer, so that families do not get it any more."""
    _known(curated_id)
    if current_desk().curating.retire(curated_id, by=me().staff):
        flash("Retired. Families do not get it any more.", "done")
    return redirect(url_for("staff.curated_detail", curated_id=curated_id), 303)


@staff.post("/curated/<curated_id>/discard")
@for_role("editor")
def discard_edit(curated_id: str) -> Response:
    """Discard what was edited since the version that families get."""
    _known(curated_id)
    seen = request.form.get("number", -1, type=int)
    if current_desk().curating.discard(curated_id, seen, by=me().staff):
        flash("Discarded. Families get what they got before.", "done")
    else:
        flash("Somebody edited or approved it meanwhile. Nothing was discarded.", "fault")
    return redirect(url_for("staff.curated_detail", curated_id=curated_id), 303)


@staff.get("/curated/<curated_id>.jsonl")
@for_role("agent")
def curated_bank_lines(curated_id: str) -> Response:
    """Return the wordings of the latest version as lines for the question bank of the source that answers them."""
    from bot.triage.curating.exporting import as_bank_lines

    draft = _known(curated_id).latest.draft
    source = None if draft.chosen is None else current_service().answerer.source(draft.chosen.source_id)
    if source is None:
        abort(404)
    response = make_response(as_bank_lines(draft, source))
    response.headers["Content-Type"] = "application/x-ndjson; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{source.id}.jsonl"'
    return response


@staff.get("/curated/<curated_id>.md")
@for_role("agent")
def curated_markdown(curated_id: str) -> Response:
    """Return the latest version as a file for the corpus."""
    # Imported here, because nothing else in the server writes YAML.
    from bot.triage.curating.exporting import as_markdown

    response = make_response(as_markdown(curated_id, _known(curated_id).latest.draft))
    response.headers["Content-Type"] = "text/markdown; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{curated_id}.md"'
    return response


def curated_page(
    curated_id: str,
    *,
    effects: Effects | None = None,
    is_retiring: bool = False,
    fault: str | None = None,
    status: int = 200,
    ticket_id: str = "",
) -> Response:
    """Return the page of a curated answer as it is now.

    :param fault: why nothing was done
    """
    row = _known(curated_id)
    versions = current_desk().curating.versions(curated_id)
    live = next((one.draft for one in versions if one.number == row.approved), None)
    page = render_template(
        "staff/curated_detail.html",
        row=row,
        rivals=current_desk().curating.rivals(row),
        doubts=[] if row.latest.draft.chosen else doubts_about(row.latest.draft.text),
        is_own=current_desk().curating.is_own(row, me().staff),
        looked=_token(row),
        ticket_id=ticket_id or request.form.get("ticket", ""),
        versions=versions,
        live=live,
        changes=[] if live is None else word_changes(live.text, row.latest.draft.text),
        effects=effects,
        is_retiring=is_retiring,
        fault=fault,
        has_changed=_has_changed(row),
    )
    return make_response(page, status)


def word_changes(before: str, after: str) -> list[tuple[str, str]]:
    """Compare two texts word by word: what stays (``=``), what goes (``-``) and what comes (``+``), in order."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    found: list[tuple[str, str]] = []
    for kind, start, end, begin, finish in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pieces = [("=", new[begin:finish])] if kind == "equal" else [("-", old[start:end]), ("+", new[begin:finish])]
        found += [(sign, "".join(words).rstrip()) for sign, words in pieces if words]
    return found


def _token(row: CuratedRow) -> str:
    """Return a token of what somebody saw: the text, its version, and the rival answers to the same question."""
    rivals = current_desk().curating.rivals(row)
    return token_of(row.latest.draft.text, " ".join([row.id, *(one.id for one in rivals)]), row.latest.number)


def _has_changed(row: CuratedRow) -> bool:
    """Whether the source of a chosen passage has changed or is gone."""
    chosen = row.latest.draft.chosen
    if chosen is None or row.is_retired:
        return False
    source = current_service().answerer.source(chosen.source_id)
    return source is None or source.text_sha256 != chosen.sha256


def _known(curated_id: str) -> CuratedRow:
    row = current_desk().curating.one(curated_id)
    if row is None:
        abort(404)
    return row
