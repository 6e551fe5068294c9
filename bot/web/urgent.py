"""Whom to call, where no question is answered: a page or a problem of a service that is switched off still says it.

Comes in: a site. Goes out: notices as they are sent. It must not know why nothing is answered.
"""

from __future__ import annotations

from bot.conversing.safety.contacts import actions_for
from bot.conversing.smalltalk import said
from bot.sites.site import Site
from bot.web import wire


def urgent_notices(site: Site) -> list[wire.Notice]:
    """Whom to call in an emergency and in a crisis, in the site's country.

    :param site: its country counts
    :returns: two notices, of the kinds that an answer has when somebody is in danger
    """
    emergency = wire.Notice("emergency", said("closed_emergency"), _actions("emergency", site))
    return [emergency, wire.Notice("crisis", said("closed_crisis"), _actions("crisis", site))]


def _actions(kind: str, site: Site) -> list[wire.Action]:
    found = actions_for("emergency" if kind == "emergency" else "crisis", site.country)
    return [wire.Action(action.label, action.href) for action in found]
