"""Format values for pages: filters and functions for the templates.

They return text, or pairs of text that a template puts into elements; nothing here makes HTML.
"""

from __future__ import annotations

import re
from functools import partial

from flask import Flask, url_for

from bot.reading.links import reader_path
from bot.reading.reviewing import changed_since_review
from bot.records import Span
from bot.statuses import IN_DANGER, AnswerStatus, StatusFamily
from bot.web import links
from bot.web.callers import fresh_token
from bot.web.dating import long_date, looked_at
from bot.web.service import current_service, current_site, current_words
from bot.web.structured import structured_data
from bot.web.theme import forced_scheme, theme_address
from bot.web.urgent import urgent_notices
from bot.web.wire import Action

_ENDS_WITH_NUMBER = re.compile(r"(.*\D)([0-9][0-9 ]*)")
_EVERY_FIRST_SECTION = "Plain-English explanation"


def register_filters(app: Flask) -> None:
    """Register the filters and functions of this module with the templates of ``app``."""
    app.add_template_filter(pieces)
    app.add_template_filter(clock)
    app.add_template_filter(lambda iso: long_date(iso, current_words()), "long_date")
    app.add_template_filter(number_of)
    app.add_template_filter(told_section)
    app.add_template_filter(links.safe_href)
    app.add_template_filter(links.in_context)
    app.add_template_filter(links.listed_page)
    app.add_template_filter(reader_path)
    app.add_template_filter(structured_data)
    app.add_template_filter(changed_since_review)
    app.context_processor(_page_functions)
    # Macros that are imported without the context see only globals.
    app.jinja_env.globals.update(AnswerStatus=AnswerStatus, StatusFamily=StatusFamily, IN_DANGER=IN_DANGER)


def pieces(text: str, highlights: list[Span]) -> list[tuple[str, bool]]:
    """Cut ``text`` at its highlights; each piece comes with whether it is highlighted."""
    cuts: list[tuple[str, bool]] = []
    position = 0
    for start, end in highlights:
        cuts += [(text[position:start], False), (text[start:end], True)]
        position = end
    cuts.append((text[position:], False))
    return [cut for cut in cuts if cut[0]]


def clock(seconds: float) -> str:
    """Return minutes and seconds, with hours if there are any: ``4:05``, ``1:02:09``."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def number_of(action: Action) -> tuple[str, str]:
    """Split a label into its words and the number at its end, empty where nothing is dialled."""
    label = _ENDS_WITH_NUMBER.fullmatch(action.label) if action.href.startswith(("tel:", "sms:")) else None
    return (label[1].strip(), label[2]) if label else (action.label, "")


def told_section(section: str | None) -> bool:
    """Say whether a section's heading tells a family anything; the one that opens every explainer does not."""
    return bool(section) and section != _EVERY_FIRST_SECTION


def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return url_for("pages.static_file", version=current_service().asset_version, name=name)


def refusal_words(code: str) -> str:
    """Return the key of the sentence that tells a family why the question was not taken."""
    if code in {"bad_chat_token", "chat_token_expired", "other_site"}:
        return "error_expired"
    return f"error_{code}" if code in {"empty", "too_long", "too_many"} else "error_rejected"


def _page_functions() -> dict[str, object]:
    service, site, words = current_service(), current_site(), current_words()
    return {
        "say": words.say,
        "looked_at": partial(looked_at, words),
        "lang": words.language,
        "languages": [code for code in site.languages if code in service.words],
        "service": service,
        "site": site,
        "fresh_token": fresh_token,
        "urgent_notices": urgent_notices,
        "theme_address": theme_address,
        "forced_scheme": forced_scheme,
        "asset": asset,
        "refusal_words": refusal_words,
    }
