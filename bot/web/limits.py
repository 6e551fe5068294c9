"""Take turns within the rate limits; past them, still tell people in danger whom to call.

Knows nothing of how a question came.
"""

from __future__ import annotations

from collections.abc import Callable

from flask_limiter.errors import RateLimitExceeded

from bot.dialogue.plainly import plainly_referred
from bot.web import wire
from bot.web.service import current_service, current_site, language_for
from bot.web.turn import take_turn


def turn_within_limits(
    count: Callable[[], object],
    question: str,
    conversation_id: str | None,
    *,
    in_context: bool = True,
    turn_key: str | None = None,
    language: str | None = None,
    about: str | None = None,
) -> wire.Answer:
    """Return the Answer of ``take_turn``; a plain cry for help gets whom to call even past every limit.

    :param count: finds out the site, and raises RateLimitExceeded for one question too many
    :param question: from ``clean_question``
    :param conversation_id: from an earlier Answer, ``None`` to begin
    :param in_context: as for ``take_turn``
    :param turn_key: as for ``take_turn``
    :param language: the requested one, if any
    :param about: as for ``take_turn``
    :raises RateLimitExceeded: for any other question past a limit
    """
    try:
        count()
    except RateLimitExceeded:
        service, site = current_service(), current_site()
        referred = plainly_referred(question, build=service.answerer.build_id, country=site.country)
        if referred is None:
            raise
        is_kept = service.rates.may_keep_urgent()
        return take_turn(
            question, conversation_id, turn_key=turn_key, language=language_for(language), referred=referred,
            is_kept=is_kept,
        )  # fmt: skip
    return take_turn(
        question,
        conversation_id,
        in_context=in_context,
        turn_key=turn_key,
        language=language_for(language),
        about=about,
    )
