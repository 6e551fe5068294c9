"""The accent of a site as a style sheet, since no page here may have styles in its text.

Comes in: a site's id. Goes out: custom properties that take the place of those in ``base.css``. It must not know which
elements use them.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, current_app, request, url_for

from bot.sites.contrast import Palette, Scheme, palette
from bot.sites.site import Site
from bot.web.callers import known_site

theme = Blueprint("theme", __name__)
_YEAR_S = 31_536_000
_DIGITS = 8


@theme.get("/themes/<site_id>.css")
def style_sheet(site_id: str) -> Response:
    """The accent of a site; its address holds a digest, so that browsers may keep it for good."""
    css = css_of(known_site(site_id), forced_scheme())
    response = current_app.response_class(css, content_type="text/css; charset=utf-8")
    # Anybody may make up an address: kept for good, it would show old colours where it becomes the right one.
    is_its_own = request.args.get("v") == _digest_of(css)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if is_its_own else "no-cache"
    return response


def theme_address(site: Site) -> str | None:
    """Where the style sheet of a site is, ``None`` for one in our own colours."""
    scheme = forced_scheme()
    css = css_of(site, scheme)
    if not css:
        return None
    return url_for("theme.style_sheet", site_id=site.id, v=_digest_of(css), theme=scheme)


def _digest_of(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:_DIGITS]


def forced_scheme() -> Scheme | None:
    """Light or dark, where the page around the chat says which; else as the family's device prefers."""
    asked = request.args.get("theme")
    return "light" if asked == "light" else "dark" if asked == "dark" else None


def css_of(site: Site, scheme: Scheme | None = None) -> str:
    """The style sheet of a site; nothing for one in our own colours. Colours were checked when they were saved.

    :param scheme: the only one that is to hold, ``None`` for the one that the device prefers
    """
    accents: dict[Scheme, str | None] = {"light": site.accent_light, "dark": site.accent_dark}
    if scheme is not None:
        return _rule(accents[scheme], scheme)
    # One scheme each, so that a site with one accent only keeps ours in the other.
    rules = {one: _rule(accent, one) for one, accent in accents.items()}
    return "\n".join(f"@media (prefers-color-scheme: {one}) {{ {rule} }}" for one, rule in rules.items() if rule)


def _rule(accent: str | None, scheme: Scheme) -> str:
    return "" if accent is None else f":root {{ {_properties(palette(accent, scheme))} }}"


def _properties(colours: Palette) -> str:
    values = {
        "accent": colours.accent,
        "accent-deep": colours.accent_deep,
        "on-accent": colours.on_accent,
        "accent-wash": colours.accent_wash,
    }
    return " ".join(f"--{name}: {colour};" for name, colour in values.items())
