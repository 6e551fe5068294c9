"""Check a site as an operator typed it, and put its texts into the form in which they are saved.

Every rule says what it found, what it expected and what to do. Knows nothing of where sites are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

from bot.errors import SiteInvalid
from bot.safety.contacts import countries
from bot.sites.contrast import NEEDED, Scheme, is_colour, readable, worst_contrast
from bot.sites.origins import origin_of
from bot.sites.site import Site

Kept = TypeVar("Kept")
MAX_NAME_CHARS = 80
MAX_GREETING_CHARS = 300
MAX_ENTRIES = 50
MAX_TAG_CHARS = 60
MAX_PER_MINUTE = 1_000_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# ISO 639-1, and widely spoken languages that have only a three-letter code.
_CODE_LINES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en",
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv",
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne",
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st",
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo yi yo xh za zh zu",
    "ckb fil gsw haw hmn yue",
)
_CODES = frozenset(code for line in _CODE_LINES for code in line.split())
_LINKS = frozenset({"https", "mailto", "tel"})


def checked(site: Site) -> Site:
    """Return the site in the form in which it can be saved.

    :raises SiteInvalid: with everything that is wrong.
    """
    faults: list[SiteInvalid] = []

    def kept(step: Callable[[], Kept]) -> Kept | None:
        try:
            return step()
        except SiteInvalid as fault:
            faults.append(fault)
            return None

    kept(lambda: _check_number(site, "client_per_minute"))
    kept(lambda: _check_number(site, "site_per_minute"))
    kept(lambda: _check_accent("light", site.accent_light))
    kept(lambda: _check_accent("dark", site.accent_dark))
    name = kept(lambda: _text("name", site.name, MAX_NAME_CHARS))
    origins = kept(lambda: _entries("origins", [origin_of(origin) for origin in site.origins]))
    tags = kept(lambda: _entries("tags", [_text("tags", tag, MAX_TAG_CHARS) for tag in site.tags]))
    country = kept(lambda: _country(site.country))
    greeting = kept(lambda: _text("greeting", site.greeting, MAX_GREETING_CHARS) if site.greeting else None)
    languages = kept(lambda: _languages(site.languages))
    contact_url = kept(lambda: _contact(site.contact_url))
    if faults:
        first = faults[0]
        raise SiteInvalid(first.field, first.found, first.expected, first.remedy, others=faults[1:])
    return replace(
        site,
        name=name or "",
        origins=origins or (),
        tags=tags or (),
        country=country or "",
        greeting=greeting,
        accent_light=site.accent_light.lower() if site.accent_light else None,
        accent_dark=site.accent_dark.lower() if site.accent_dark else None,
        languages=languages or (),
        contact_url=contact_url,
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
        if not _LANGUAGE.fullmatch(language) or language.partition("-")[0] not in _CODES:
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


def _check_number(site: Site, field: str) -> None:
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
            # Truncated, not rounded: 4.497 must not show as 4.5.
            f"{accent} with a contrast of {int(worst.ratio * 100) / 100:.2f} to {worst.against} ({worst.colour})",
            f"{NEEDED} or more (WCAG 2.2, 1.4.3)",
            f"The nearest one that can be read is {readable(accent, scheme)}.",
        )
