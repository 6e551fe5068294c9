"""Who asks, and for which site: by nothing (ours), by a frame's token, or by a partner's key.

Comes in: the current request and the site that it names. Goes out: a site, which is also remembered for the rest of the
request; anything else raises Refused. It must not know what is asked.
"""

from __future__ import annotations

from flask import g, request

from bot.errors import MemoryUnavailable, NotStorable
from bot.sites.keys import PREFIX
from bot.sites.site import DEFAULT_SITE, Site
from bot.sites.tokens import LIFE_S, RENEWABLE_S, TokenExpired, TokenInvalid
from bot.web.errors import Refused
from bot.web.service import current_service

TOKEN_HEADER = "X-Chat-Token"  # noqa: S105 - the name of a header
_BEARER = "Bearer "


def calling_site(named: str | None) -> Site:
    """The site that a call is for, open or not; a partner's only with its token or its key.

    :param named: the public id that the call names, if it does
    :returns: the named one, else the one whose token or key came along, else ours
    :raises Refused: unknown_site, unauthorized, bad_key, bad_chat_token, chat_token_expired or other_site
    """
    if named == DEFAULT_SITE:
        return _remembered(current_service().default_site)
    if named is not None and _known(named) is None:
        raise _unknown()
    owner = _owner_of_key() or _owner_of_token(request.headers.get(TOKEN_HEADER))
    return _remembered(_agreed(named, owner))


def answering_site(named: str | None) -> Site:
    """The site that a call wants answers for: as ``calling_site``, but open, and within what it may ask.

    :param named: as for ``calling_site``
    :returns: as ``calling_site``
    :raises Refused: as ``calling_site``; and closed or site_disabled
    """
    site = calling_site(named)
    require_open(site)
    current_service().rates.count()
    return site


def remarking_site(named: str | None) -> Site:
    """The site on which a family says something of an answer; also where no answers are given any more.

    :param named: as for ``calling_site``
    :returns: as ``calling_site``
    """
    site = calling_site(named)
    current_service().rates.count_remark()
    return site


def page_site() -> Site:
    """The site in whose frame the current page is to be shown; a page needs no token, it carries one.

    :returns: the one that the address names, else ours; open or not
    :raises Refused: unknown_site
    """
    return _remembered(known_site(request.args.get("site", DEFAULT_SITE)))


def known_site(site_id: str) -> Site:
    """A site whatever is asked of it: for files that anybody may load.

    :returns: ours or a partner's, open or not
    :raises Refused: unknown_site
    """
    site = current_service().default_site if site_id == DEFAULT_SITE else _known(site_id)
    if site is None:
        raise _unknown()
    return site


def check_form() -> None:
    """Lets a form through that was sent by the page of the current site; and counts it.

    :raises Refused: chat_token_expired after a day; bad_chat_token or other_site when another page sent it; closed
    """
    site = _current()
    require_open(site)
    # First, so that whoever has no token takes nothing from the questions of the site's families.
    if not site.is_default:
        owner = _owner_of_token(request.form.get("token") or "", max_age_s=RENEWABLE_S)
        _agreed(site.id, owner)
    current_service().rates.count()


def renewing_site() -> Site:
    """The site of a token that is to be exchanged, which may be up to a day old.

    :returns: its site, open or not
    :raises Refused: unauthorized, bad_chat_token, chat_token_expired or unknown_site
    """
    owner = _owner_of_token(request.headers.get(TOKEN_HEADER), max_age_s=RENEWABLE_S)
    if owner is None:
        raise Refused("unauthorized", f"The header {TOKEN_HEADER} is missing")
    site = _remembered(_agreed(None, owner))
    current_service().rates.count_remark()
    return site


def caller_name() -> str | None:
    """A name for the network that asks, leading back to no address; none for a server that asks for many families."""
    return None if g.get("by_key", False) else current_service().rates.caller()


def fresh_token(site: Site) -> str | None:
    """What the page of a site carries; ours needs none."""
    return None if site.is_default else current_service().tokens.issue(site.id)


def require_open(site: Site) -> None:
    """Nothing, where answers are given; raises Refused (closed or site_disabled) where they are not."""
    sites = current_service().sites
    if sites is not None and sites.closed():
        raise Refused("closed", "The service is closed for now")
    if not site.enabled:
        raise Refused("site_disabled", "The chat of this site is switched off")


def _owner_of_key() -> str | None:
    """The site of the key that came along; other kinds of authorization belong to somebody before us."""
    given = request.headers.get("Authorization", "").removeprefix(_BEARER)
    if not given.startswith(PREFIX):
        return None
    sites = current_service().sites
    try:
        owner = sites.owner_of(given) if sites is not None else None
    except MemoryUnavailable:
        raise _not_read() from None
    if owner is None:
        raise Refused("bad_key", "The key in the header Authorization is not good, or not good any more")
    g.by_key = True
    return owner


def _owner_of_token(token: str | None, *, max_age_s: int = LIFE_S) -> str | None:
    if token is None:
        return None
    try:
        return current_service().tokens.site_of(token, max_age_s=max_age_s)
    except TokenExpired:
        raise Refused("chat_token_expired", "The token is too old") from None
    except TokenInvalid:
        raise Refused("bad_chat_token", "The token was not made by this service") from None


def _agreed(named: str | None, owner: str | None) -> Site:
    """The site that is named and belongs to the token or key, whichever of the two there are."""
    if owner is None:
        if named is not None:
            raise Refused("unauthorized", "A partner's site was named, without a token or key of it")
        return current_service().default_site
    if named not in {None, owner}:
        raise Refused("other_site", "The token or key is that of another site than the one named")
    return known_site(owner)


def _known(site_id: str) -> Site | None:
    sites = current_service().sites
    try:
        return sites.find(site_id) if sites is not None else None
    except NotStorable:
        return None
    except MemoryUnavailable:
        raise _not_read() from None


def _not_read() -> Refused:
    return Refused("sites_unavailable", "What partners have set could not be read yet")


def _unknown() -> Refused:
    return Refused("unknown_site", "No site has that id")


def _current() -> Site:
    site: Site = g.site
    return site


def _remembered(site: Site) -> Site:
    g.site = site
    return site
