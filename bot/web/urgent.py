"""Tell whom to call where no question is answered, as on a page or problem of a service that is switched off.

Knows nothing of why nothing is answered.
"""

from __future__ import annotations

from bot.dialogue.smalltalk import said
from bot.dialogue.translations import action_in, sentence_in
from bot.safety.contacts import actions_for
from bot.sites.site import Site
from bot.web import wire
from bot.web.service import current_words


def urgent_notices(site: Site) -> list[wire.Notice]:
    """Return whom to call in an emergency and in a crisis, in the site's country."""
    emergency = wire.Notice("emergency", _said("closed_emergency"), _actions("emergency", site))
    return [emergency, wire.Notice("crisis", _said("closed_crisis"), _actions("crisis", site))]


def _actions(kind: str, site: Site) -> list[wire.Action]:
    found = actions_for("emergency" if kind == "emergency" else "crisis", site.country)
    return [wire.action_on_wire(action_in(current_words().language, action)) for action in found]


def _said(key: str) -> str:
    return str(sentence_in(current_words().language, said(key)))
