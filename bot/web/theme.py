"""The accent of a site as a style sheet, since no page here may have styles in its text.

Comes in: a site's id. Goes out: custom properties that take the place of those in ``base.css``. It must not know which
elements use them.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, current_app, url_for

from bot.sites.contrast import Palette, Scheme, palette
from bot.sites.site import Site
from bot.web.callers import known_site

theme = Blueprint("theme", __name__)
_YEAR_S = 31_536_000
_DIGITS = 8


@theme.get("/themes/<site_id>.css")
def style_sheet(site_id: str) -> Response:
    """The accent of a site; its address holds a digest, so that browsers may keep it for good."""
    response = current_app.response_class(css_of(known_site(site_id)), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    return response


def theme_address(site: Site) -> str | None:
    """Where the style sheet of a site is, ``None`` for one in our own colours."""
    css = css_of(site)
    if not css:
        return None
    return url_for("theme.style_sheet", site_id=site.id, v=hashlib.sha256(css.encode()).hexdigest()[:_DIGITS])


def css_of(site: Site) -> str:
    """The style sheet of a site; nothing for one in our own colours. Colours were checked when they were saved."""
    rules = [_rule(site.accent_light, "light"), _rule(site.accent_dark, "dark")]
    return "\n".join(rule for rule in rules if rule)


def _rule(accent: str | None, scheme: Scheme) -> str:
    """One scheme each, so that a site with one accent only keeps ours in the other."""
    if accent is None:
        return ""
    return f"@media (prefers-color-scheme: {scheme}) {{ :root {{ {_properties(palette(accent, scheme))} }} }}"


def _properties(colours: Palette) -> str:
    values = {
        "accent": colours.accent,
        "accent-deep": colours.accent_deep,
        "on-accent": colours.on_accent,
        "accent-wash": colours.accent_wash,
    }
    return " ".join(f"--{name}: {colour};" for name, colour in values.items())
