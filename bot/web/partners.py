"""Serve what partners need: the loader, and pages to try out and check the chat.

Knows nothing of how sites are kept.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request, send_from_directory

from bot.sites.contrast import GROUNDS, NEEDED
from bot.sites.site import Site
from bot.web.callers import known_site, page_site
from bot.web.errors import Refused
from bot.web.installing import CONSOLE, Pasted, findings_of
from bot.web.loaders import LOADER_FOLDER, integrity_of, newest_version, versions
from bot.web.security import let_embed, let_show_frames
from bot.web.service import own_origin

partners = Blueprint("partners", __name__)
_HOUR_S, _YEAR_S = 3600, 31_536_000
_MODES = ("launcher", "inline", "full")


@partners.get("/widget.js")
def widget() -> Response:
    """Return the newest loader."""
    return _loader(newest_version(), f"public, max-age={_HOUR_S}")


@partners.get("/widget/<version>.js")
def versioned_widget(version: str) -> Response:
    """Return a version of the loader, which never changes, for pages that name its hash."""
    if version not in versions():
        raise Refused("not_found", "No loader has that version")
    return _loader(version, f"public, max-age={_YEAR_S}, immutable")


@partners.get("/partners/preview")
def preview() -> Response:
    """Show the lines to copy, the chat in its three modes on an ordinary page, and colours with their contrast."""
    page = render_template(
        "preview.html",
        origin=own_origin(),
        site=page_site(),
        version=newest_version(),
        integrity=integrity_of(newest_version()),
        modes=_MODES,
        grounds=GROUNDS,
        needed=NEEDED,
    )
    return _uncached(let_show_frames(make_response(page)))


@partners.get("/partners/host")
def host() -> Response:
    """Show an ordinary page with the chat on it, in a frame of the preview."""
    mode = request.args.get("mode", "")
    if mode not in _MODES:
        raise Refused("bad_parameter", f"mode is none of {', '.join(_MODES)}")
    page = render_template("preview_host.html", site=page_site(), mode=mode)
    return _uncached(let_show_frames(make_response(page), framed_by_us=True))


@partners.route("/partners/check", methods=["GET", "POST"])
def check() -> Response:
    """Check the lines that a partner pasted, and explain what the console of its page says."""
    pasted, findings = None, None
    if request.method == "POST":
        given = {name: request.form.get(name, "") for name in ("source", "address", "policy")}
        pasted = Pasted(**given)
        findings = findings_of(pasted, origin=own_origin(), find=_site_or_none)
    page = render_template("partners_check.html", site=page_site(), pasted=pasted, findings=findings, console=CONSOLE)
    return _uncached(make_response(page))


def _site_or_none(site_id: str) -> Site | None:
    try:
        return known_site(site_id)
    except Refused as error:
        if error.code != "unknown_site":
            raise
        return None


def _loader(version: str, cache: str) -> Response:
    response = send_from_directory(LOADER_FOLDER, f"{version}.js")
    response.headers["Cache-Control"] = cache
    return let_embed(response)


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
