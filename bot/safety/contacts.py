"""List whom to call in a kind of danger, by country, as links.

The numbers are in ``contacts.toml``, a file for review. Knows nothing of when they are shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from bot.records import Action

ANYWHERE = "other"


def actions_for(kind: Literal["emergency", "crisis"], country: str, patterns: Sequence[str] = ()) -> tuple[Action, ...]:
    """Return whom to call, most important first.

    :param country: one of ``countries()``; any other gets the entries for anywhere.
    :param patterns: ids of the patterns found; some entries are only for certain ones.
    """
    entries = _contacts()["countries"].get(country, _contacts()["countries"][ANYWHERE])[kind]
    fitting = [entry for entry in entries if "when" not in entry or set(entry["when"]) & set(patterns)]
    return tuple(Action(entry["label"], entry["href"], entry["why"]) for entry in fitting)


def countries() -> tuple[str, ...]:
    """Return the codes of the countries whose numbers are known, in the order of the file; the last is ``ANYWHERE``."""
    return tuple(_contacts()["countries"])


@lru_cache(maxsize=1)
def _contacts() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("contacts.toml").read_text(encoding="utf-8"))
