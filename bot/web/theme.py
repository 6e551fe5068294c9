"""Serve a site's accent as a style sheet, since no page here may have inline styles.

It sets custom properties that replace those in ``base.css``. Knows nothing of which elements use them.
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
    """Return the accent of a site; a digest in the address lets browsers keep it for good."""
    css = css_of(known_site(site_id), forced_scheme())
    response = current_app.response_class(css, content_type="text/css; charset=utf-8")
    # Anybody may make up an address: cached for good, it would show old colours if it ever became the right one.
    is_its_own = request.args.get("v") == _digest_of(css)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if is_its_own else "no-cache"
    return response


def theme_address(site: Site) -> str | None:
    """Return the address of a site's style sheet, ``None`` for one in our own colours."""
    scheme = forced_scheme()
    css = css_of(site, scheme)
    if not css:
        return None
    return url_for("theme.style_sheet", site_id=site.id, v=_digest_of(css), theme=scheme)


def _digest_of(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:_DIGITS]


def forced_scheme() -> Scheme | None:
    """Return the scheme that the page around the chat asks for, ``None`` to follow the device."""
    asked = request.args.get("theme")
    return "light" if asked == "light" else "dark" if asked == "dark" else None


def css_of(site: Site, scheme: Scheme | None = None) -> str:
    """Return the style sheet of a site, empty for one in our own colours; accents were checked when saved.

    :param scheme: the only one to apply, ``None`` for the one that the device prefers
    """
    accents: dict[Scheme, str | None] = {"light": site.accent_light, "dark": site.accent_dark}
    if scheme is not None:
        return _rule(accents[scheme], scheme)
    # A rule for each scheme, so that a site with only one accent keeps ours in the other scheme.
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
