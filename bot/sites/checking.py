"""A site as an operator typed it -> the site as it is saved, or what is wrong with it.

In: ``Site``. Out: the same with its texts in one form; every rule says what it found, what it expected and what to do.
It must not know where sites are kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import urlsplit

from bot.conversing.safety.contacts import countries
from bot.errors import SiteInvalid
from bot.sites.contrast import NEEDED, Scheme, is_colour, readable, worst_contrast
from bot.sites.origins import origin_of
from bot.sites.site import Site

MAX_NAME_CHARS = 80
MAX_GREETING_CHARS = 300
MAX_ENTRIES = 50
MAX_TAG_CHARS = 60
MAX_PER_MINUTE = 1_000_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINKS = frozenset({"https", "mailto", "tel"})


def checked(site: Site) -> Site:
    """Return a site that can be saved.

    :param site: as typed.
    :returns: the same, its texts stripped and in NFC, its origins as browsers write them, each entry once.
    :raises SiteInvalid: at the first thing that is wrong.
    """
    _check_numbers(site)
    for scheme, accent in (("light", site.accent_light), ("dark", site.accent_dark)):
        _check_accent(scheme, accent)  # type: ignore[arg-type]
    return replace(
        site,
        name=_text("name", site.name, MAX_NAME_CHARS),
        origins=_entries("origins", [origin_of(origin) for origin in site.origins]),
        tags=_entries("tags", [_text("tags", tag, MAX_TAG_CHARS) for tag in site.tags]),
        country=_country(site.country),
        greeting=_text("greeting", site.greeting, MAX_GREETING_CHARS) if site.greeting else None,
        accent_light=site.accent_light.lower() if site.accent_light else None,
        accent_dark=site.accent_dark.lower() if site.accent_dark else None,
        languages=_languages(site.languages),
        contact_url=_contact(site.contact_url),
    )


def _text(field: str, typed: str, most: int) -> str:
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if not text or len(text) > most or not text.isprintable():
        found = "nothing" if not text else f"{len(text)} characters" if text.isprintable() else "control characters"
        raise SiteInvalid(field, found, f"1 to {most} characters that can be seen", "Type a short text.")
    return text


def _entries(field: str, entries: list[str]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(entries))
    if len(once) > MAX_ENTRIES:
        raise SiteInvalid(field, f"{len(once)} of them", f"{MAX_ENTRIES} at most", "Make a second site for the others.")
    return once


def _country(typed: str) -> str:
    known = {country.lower(): country for country in countries()}
    if typed.strip().lower() not in known:
        raise SiteInvalid(
            "country",
            repr(typed),
            f"one of {', '.join(countries())}",
            "Take the country whose emergency numbers most visitors need, or other when they come from everywhere.",
        )
    return known[typed.strip().lower()]


def _languages(typed: tuple[str, ...]) -> tuple[str, ...]:
    for language in typed:
        if not _LANGUAGE.fullmatch(language):
            raise SiteInvalid("languages", repr(language), "a code such as en, es or pt-BR", "Type the code.")
    if not typed:
        raise SiteInvalid("languages", "none", "one or more", "Type en if nothing else is wanted.")
    return _entries("languages", list(typed))


def _contact(typed: str | None) -> str | None:
    text = (typed or "").strip()
    if not text:
        return None
    parts = urlsplit(text)
    whole = parts.netloc if parts.scheme == "https" else parts.path
    if parts.scheme not in _LINKS or not whole or not text.isprintable() or " " in text:
        raise SiteInvalid(
            "contact_url",
            repr(typed),
            "a link that begins with https://, mailto: or tel:",
            "Type where a family can reach a person.",
        )
    return text


def _check_numbers(site: Site) -> None:
    for field in ("client_per_minute", "site_per_minute"):
        number = getattr(site, field)
        if not 0 <= number <= MAX_PER_MINUTE:
            raise SiteInvalid(field, str(number), f"0 (no limit) to {MAX_PER_MINUTE}", "Type a whole number.")


def _check_accent(scheme: Scheme, accent: str | None) -> None:
    if accent is None:
        return
    field = f"accent_{scheme}"
    if not is_colour(accent):
        raise SiteInvalid(field, repr(accent), "a colour such as #1d5c5a", "Type # and six digits from 0 to f.")
    worst = worst_contrast(accent, scheme)
    if worst.ratio < NEEDED:
        raise SiteInvalid(
            field,
            # Cut, not rounded: 4.497 is not 4.5.
            f"{accent} with a contrast of {int(worst.ratio * 100) / 100:.2f} to {worst.against} ({worst.colour})",
            f"{NEEDED} or more (WCAG 2.2, 1.4.3)",
            f"The nearest one that can be read is {readable(accent, scheme)}.",
        )
