"""Write curated answers: in staff's own words, from a reply, or from a passage of the corpus.

A form with faults comes back with everything that was typed. Words are only ever sent by post, since they may be a
family's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.errors import QuestionRejected
from bot.privacy.redaction import redact
from bot.records import Hit
from bot.triage.curating.draft import Chosen, Draft, tidied, what_is_wrong
from bot.web.service import current_service
from bot.web.staff.blueprint import staff
from bot.web.staff.curated import curated_page
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me
from bot.web.staff.suggesting import sentences_of
from bot.web.staff.unsent import PLACE, drop_typed, typed_in

_PASSAGES = 6
_MOST_WORDINGS = 6


@staff.get("/curated/new")
@for_role("agent")
def new_curated() -> Response:
    """Show the form with unsaved text, else with what a ticket asks and was told, else empty."""
    ticket_id = request.args.get("ticket", "")
    place = f"curated:{ticket_id or 'new'}"
    typed = typed_in(place).fields if PLACE.fullmatch(place) else {}
    return _form(_draft_from(typed) if typed else _begun_with(ticket_id), place=place)


@staff.post("/curated/passages")
@for_role("agent")
def find_passages() -> Response:
    """Show the form with passages of the corpus to choose from."""
    draft, sought = _draft(), request.form.get("find", "").strip()
    try:
        hits = current_service().answerer.search(sought, _PASSAGES) if sought else []
    except QuestionRejected:
        hits = []
    return _form(draft, hits=hits, sought=sought)


@staff.post("/curated/choose")
@for_role("agent")
def choose_passage() -> Response:
    """Show the form with sentences of the corpus as the answer."""
    chosen = chosen_sentences(_PASSAGES)
    if chosen is None:
        return _form(_draft(), faults=["Choose one to three sentences that follow one another."], status=422)
    source = current_service().answerer.source(chosen.source_id)
    assert source is not None, "its passage was just read"
    return _form(replace(_draft(), chosen=chosen, text=source.text[slice(*chosen.span)]))


@staff.post("/curated")
@for_role("agent")
def begin_curated() -> Response:
    """Store a first draft."""
    draft = _draft()
    faults = _faults(draft)
    if faults:
        return _form(draft, faults=faults, status=422)
    curated_id = current_desk().curating.begin(draft, by=me().staff)
    drop_typed(_place())
    return redirect(url_for("staff.curated_detail", curated_id=curated_id), 303)


@staff.get("/curated/<curated_id>/edit")
@for_role("agent")
def edit_curated(curated_id: str) -> Response:
    """Show the form with the latest version."""
    row = current_desk().curating.one(curated_id)
    if row is None:
        abort(404)
    return _form(row.latest.draft, editing=(curated_id, row.latest.number))


@staff.post("/curated/<curated_id>/edit")
@for_role("agent")
def keep_edited(curated_id: str) -> Response:
    """Store another version."""
    draft, seen = _draft(), request.form.get("number", type=int)
    if seen is None:
        abort(422)
    faults = _faults(draft)
    if faults:
        return _form(draft, faults=faults, editing=(curated_id, seen), status=422)
    outcome = current_desk().curating.edit(curated_id, seen, draft, by=me().staff)
    if outcome == "unknown":
        abort(404)
    drop_typed(f"curated:{curated_id}")
    if outcome == "conflict":
        fault = "Somebody else edited it meanwhile. What you typed is below; compare, and save it again to keep it."
        row = current_desk().curating.one(curated_id)
        assert row is not None, "it was just there"
        return _form(draft, faults=[fault], editing=(curated_id, row.latest.number), status=409)
    return curated_page(curated_id)


@staff.post("/curated/<curated_id>/wordings")
@for_role("agent")
def add_wordings(curated_id: str) -> Response:
    """Store another version with more wordings of the question."""
    row, seen = current_desk().curating.one(curated_id), request.form.get("number", type=int)
    if row is None:
        abort(404)
    before = row.latest.draft
    draft = tidied(replace(before, wordings=(*before.wordings, *request.form.getlist("wording"))))
    added, faults = len(draft.wordings) - len(before.wordings), _faults(draft)
    if not added:
        return curated_page(curated_id, fault="Tick one or more that ask the same.", status=422)
    if faults:
        return curated_page(curated_id, fault=" ".join(faults), status=422)
    if seen != row.latest.number or current_desk().curating.edit(curated_id, seen, draft, by=me().staff) == "conflict":
        return curated_page(curated_id, fault="Somebody else edited it meanwhile. Look again.", status=409)
    flash(f"Added {added} to the wordings, as a version to be approved.", "done")
    return redirect(url_for("staff.curated_detail", curated_id=curated_id), 303)


def _form(
    draft: Draft,
    *,
    faults: list[str] | None = None,
    hits: list[Hit] | None = None,
    sought: str = "",
    editing: tuple[str, int] | None = None,
    place: str | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "staff/curated_edit.html",
        draft=draft,
        faults=faults or [],
        hits=[(hit.passage, sentences_of(hit)) for hit in hits or []],
        sought=sought,
        has_sought=hits is not None,
        editing=editing,
        place=f"curated:{editing[0]}" if editing else place or _place(),
        today=datetime.now(UTC).date().isoformat(),
    )
    return make_response(page, status)


def _begun_with(ticket_id: str) -> Draft:
    desk = current_desk()
    whole = desk.tickets.read(ticket_id) if ticket_id else None
    if whole is None:
        return Draft((), "")
    wordings = tuple(dict.fromkeys(one.question for one in whole.askings if one.question))[:_MOST_WORDINGS]
    sent = desk.replies.of_ticket(ticket_id)
    # What was said to one family is not for all: personal details are redacted, and staff must fill the gaps.
    return Draft(wordings, redact(sent[-1].text) if sent else "", sent[-1].author_label if sent else "")


def _place() -> str:
    """Return the place under which the form's unsent text is stored."""
    place = request.form.get("place", "")
    return place if PLACE.fullmatch(place) else "curated:new"


def _draft_from(typed: Mapping[str, str]) -> Draft:
    """Return the draft that was typed and not saved."""
    return Draft(
        tuple(typed.get("wordings", "").splitlines()),
        typed.get("text", ""),
        typed.get("author", ""),
        _day(typed.get("reviewed_on", "")),
        tuple(tag.strip() for tag in typed.get("tags", "").split(",") if tag.strip()),
    )


def _draft() -> Draft:
    form = request.form
    chosen = _chosen_before()
    text = form.get("text", "")
    if chosen is not None:
        source = current_service().answerer.source(chosen.source_id)
        # The source's own words, never those that the form claims.
        text = source.text[slice(*chosen.span)] if source is not None else ""
    return tidied(
        Draft(
            wordings=tuple(form.get("wordings", "").splitlines()),
            text=text,
            author=form.get("author", ""),
            reviewed_on=_day(form.get("reviewed_on", "")),
            tags=tuple(form.get("tags", "").split(",")),
            chosen=chosen,
        )
    )


def _faults(draft: Draft) -> list[str]:
    return what_is_wrong(draft, datetime.now(UTC).date())


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _chosen_before() -> Chosen | None:
    """Return the passage that the form names, if its source has not changed."""
    form = request.form
    source_id, start, end = form.get("source_id", ""), form.get("start", type=int), form.get("end", type=int)
    if not source_id or start is None or end is None:
        return None
    source = current_service().answerer.source(source_id)
    if source is None or not 0 <= start < end <= len(source.text):
        return None
    if source.text_sha256 != form.get("sha256"):
        return None
    return Chosen(source_id, source.text_sha256, (start, end))


def chosen_sentences(most: int) -> Chosen | None:
    """Return the ticked sentences of a passage as one span.

    :param most: how many of the best passages for the field ``find`` to look among
    :returns: ``None`` unless there are one to three that follow one another
    """
    try:
        hits = current_service().answerer.search(request.form.get("find", ""), most)
    except QuestionRejected:
        return None
    wanted = request.form.get("passage", "")
    passage = next((hit.passage for hit in hits if hit.passage.id == wanted), None)
    numbers = request.form.getlist("sentence") or request.form.getlist(f"sentence:{wanted}")
    ticked = sorted({int(number) for number in numbers if number.isdecimal()})
    if passage is None or not 1 <= len(ticked) <= 3 or ticked[-1] >= len(passage.sentences):
        return None
    if any(second != first + 1 for first, second in pairwise(ticked)):
        return None
    source = current_service().answerer.source(passage.source_id)
    if source is None:
        return None
    span = (passage.sentences[ticked[0]].span[0], passage.sentences[ticked[-1]].span[1])
    return Chosen(source.id, source.text_sha256, span)
