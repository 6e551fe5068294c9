"""Make the notices that say whom to call, by kind of danger and country.

Knows nothing of what was asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.dialogue.smalltalk import said
from bot.records import Notice
from bot.safety.contacts import ANYWHERE, actions_for, countries

UrgentKind = Literal["emergency", "crisis"]
URGENT_KINDS: tuple[UrgentKind, ...] = ("emergency", "crisis")


def to_call(kind: UrgentKind, country: str, patterns: Sequence[str] = ()) -> Notice:
    """Return the notice of whom to call.

    :param country: one of ``contacts.countries()``.
    """
    return Notice(kind, said("whom_to_call"), actions_for(kind, country, patterns))


def in_case(country: str) -> Notice:
    """Return the quiet notice below an answer in case someone is in danger.

    :param country: one of ``contacts.countries()``.
    :returns: one line with the first number of each kind; if the country is unknown, with every emergency number.
    """
    is_known = country in countries() and country != ANYWHERE
    numbers = actions_for("emergency", country)
    actions = (*(numbers[:1] if is_known else numbers), *actions_for("crisis", country)[:1])
    return Notice("in_case", said("in_case"), actions)
