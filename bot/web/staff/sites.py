"""Show and change partners' sites, and the switch that closes the chat for everybody.

The rules are those of the commands. A key is shown only on the page that follows its making. A form that somebody else
overtook changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import Any

import msgspec
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.errors import SiteInvalid, SiteUnknown
from bot.safety.contacts import countries
from bot.sites.checking import checked
from bot.sites.contrast import GROUNDS, NEEDED
from bot.sites.site import Site, new_site_id
from bot.web.service import own_origin
from bot.web.staff.blueprint import staff
from bot.web.staff.desk import current_desk
from bot.web.staff.guard import for_role, me

_TEXTS = ("greeting", "accent_light", "accent_dark", "contact_url")
_LISTS = ("origins", "tags", "languages")
_NUMBERS = ("client_per_minute", "site_per_minute")


@staff.get("/sites")
@for_role("agent")
def sites() -> str:
    """List all sites, and whether the chat is open."""
    found = current_desk().sites.snapshot()
    return render_template("staff/sites.html", sites=list(found.sites.values()), closed=found.closed)


@staff.get("/sites/new")
@for_role("admin")
def new_site() -> Response:
    """Show the form for a new site."""
    return _form(Site("", ""))


@staff.post("/sites")
@for_role("admin")
def add_site() -> Response:
    """Add a site and show its key."""
    typed = _typed(Site(new_site_id(), ""))
    try:
        site = checked(typed)
    except SiteInvalid as error:
        return _form(replace(typed, id=""), fault=error)
    key = current_desk().sites.add(site, by=me().staff.name)
    return _site_page(site.id, key=key)


@staff.get("/sites/<site_id>")
@for_role("agent")
def sites_detail(site_id: str) -> Response:
    """Show a site: its settings, its keys, the line for its pages."""
    return _site_page(site_id)


@staff.get("/sites/<site_id>/edit")
@for_role("admin")
def edit_site(site_id: str) -> Response:
    """Show the form with the present settings."""
    return _form(_found(site_id))


@staff.post("/sites/<site_id>/edit")
@for_role("admin")
def save_site(site_id: str) -> Response:
    """Change a site unless it has changed since the form was loaded."""
    before = _found(site_id)
    typed = _typed(before)
    if request.form.get("seen") != _digest(before):
        return _form(typed, overtaken=True)
    try:
        site = checked(typed)
    except SiteInvalid as error:
        return _form(typed, fault=error)
    current_desk().sites.save(site, by=me().staff.name)
    flash("Saved. Running servers see it within a second or two.", "done")
    return _to(site_id)


@staff.post("/sites/<site_id>/<any(enable, disable, rotate, rotate_at_once):what>")
@for_role("admin")
def switch_site(site_id: str, what: str) -> Response:
    """Switch a site on or off, or give it another key."""
    _found(site_id)
    store, name = current_desk().sites, me().staff.name
    if what in {"enable", "disable"}:
        store.set_enabled(site_id, what == "enable", by=name)
        flash(f"The chat of this site is switched {'on' if what == 'enable' else 'off'}.", "done")
        return _to(site_id)
    return _site_page(site_id, key=store.rotate(site_id, by=name, at_once=what == "rotate_at_once"))


@staff.post("/switch")
@for_role("admin")
def switch_all() -> Response:
    """Close the chat on every site, or open it again; the reason is recorded."""
    closed, reason = request.form.get("do") == "close", request.form.get("reason", "").strip()[:200]
    if closed and not reason:
        flash("Say why it is closed; others will ask.", "fault")
        return redirect(url_for("staff.sites"), 303)
    current_desk().sites.set_closed(closed, by=me().staff.name, reason=reason)
    flash("The chat is closed on every site. Whom to call is still shown." if closed else "The chat is open.", "done")
    return redirect(url_for("staff.sites"), 303)


def _typed(before: Site) -> Site:
    form = request.form
    changes: dict[str, Any] = {name: form.get(name, "").strip() or None for name in _TEXTS}
    changes |= {name: tuple(form.get(name, "").split("\n" if name == "tags" else None)) for name in _LISTS}
    changes["tags"] = tuple(tag.strip() for tag in changes["tags"] if tag.strip())
    changes |= {name: form.get(name, default=-1, type=int) for name in _NUMBERS}
    changes |= {"name": form.get("name", ""), "country": form.get("country", ""), "voice": form.get("voice") == "yes"}
    return replace(before, **changes)


def _form(site: Site, *, fault: SiteInvalid | None = None, overtaken: bool = False) -> Response:
    page = render_template(
        "staff/site_edit.html",
        site=site,
        seen=_digest(_found(site.id)) if site.id else "",
        fault=fault,
        overtaken=overtaken,
        countries=countries(),
        schemes=[(name, f"{one.paper} {one.card} {one.sunken} {one.on_accent}") for name, one in GROUNDS.items()],
        needed=NEEDED,
    )
    return make_response(page, 422 if fault else 409 if overtaken else 200)


def _site_page(site_id: str, *, key: str | None = None) -> Response:
    site = _found(site_id)
    origin = own_origin()
    page = render_template(
        "staff/site.html", shown_site=site, keys=current_desk().sites.keys_of(site_id), key=key, origin=origin
    )
    return make_response(page)


def _found(site_id: str) -> Site:
    try:
        return current_desk().sites.find(site_id)
    except SiteUnknown:
        abort(404)


def _digest(site: Site) -> str:
    return hashlib.sha256(msgspec.json.encode(asdict(site))).hexdigest()


def _to(site_id: str) -> Response:
    return redirect(url_for("staff.sites_detail", site_id=site_id), 303)
