"""Find out who asks and for which site: by nothing (ours), by a frame's token, or by a partner's key.

The site is kept for the rest of the request. Knows nothing of what is asked.
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
    """Return the site that a call is for, open or not; a partner's only with its token or key.

    :param named: the public id that the call names, if any
    :returns: the named site, else the one whose token or key was sent, else ours
    :raises Refused: unknown_site, unauthorized, bad_key, bad_chat_token, chat_token_expired or other_site
    """
    if named == DEFAULT_SITE:
        return _remembered(current_service().default_site)
    if named is not None and _known(named) is None:
        raise _unknown()
    owner = _owner_of_key() or _owner_of_token(request.headers.get(TOKEN_HEADER))
    return _remembered(_agreed(named, owner))


def answering_site(named: str | None) -> Site:
    """Return the site that a call wants an answer from, and count the question.

    :param named: as for ``calling_site``
    :raises Refused: as ``calling_site``; and closed or site_disabled
    """
    site = calling_site(named)
    require_open(site)
    current_service().rates.count()
    return site


def remarking_site(named: str | None) -> Site:
    """Return the site on which a family comments on an answer, open or not, and count the remark.

    :param named: as for ``calling_site``
    """
    site = calling_site(named)
    current_service().rates.count_remark()
    return site


def page_site() -> Site:
    """Return the site in whose frame the current page is shown; a page carries a token and needs none.

    :returns: the site that the address names, else ours; open or not
    :raises Refused: unknown_site
    """
    return _remembered(known_site(request.args.get("site", DEFAULT_SITE)))


def known_site(site_id: str) -> Site:
    """Return a site, open or not, without checking who asks: for files that anybody may load.

    :raises Refused: unknown_site
    """
    site = current_service().default_site if site_id == DEFAULT_SITE else _known(site_id)
    if site is None:
        raise _unknown()
    return site


def check_form() -> None:
    """Accept a form that was sent by a page of the current site, and count its question.

    :raises Refused: chat_token_expired after a day; bad_chat_token or other_site when another page sent it; closed or
        site_disabled
    """
    site = _current()
    require_open(site)
    # Before counting, so that a form without a token uses up none of the questions of the site's families.
    if not site.is_default:
        owner = _owner_of_token(request.form.get("token") or "", max_age_s=RENEWABLE_S)
        _agreed(site.id, owner)
    current_service().rates.count()


def renewing_site() -> Site:
    """Return the site of a token that is to be exchanged and may be up to a day old; open or not.

    :raises Refused: unauthorized, bad_chat_token, chat_token_expired or unknown_site
    """
    owner = _owner_of_token(request.headers.get(TOKEN_HEADER), max_age_s=RENEWABLE_S)
    if owner is None:
        raise Refused("unauthorized", f"The header {TOKEN_HEADER} is missing")
    site = _remembered(_agreed(None, owner))
    current_service().rates.count_remark()
    return site


def caller_name() -> str | None:
    """Return a name for the asking network that does not reveal its address, or ``None`` for a partner's server."""
    return None if g.get("by_key", False) else current_service().rates.caller()


def fresh_token(site: Site) -> str | None:
    """Return the token that a site's page carries, ``None`` for our own site."""
    return None if site.is_default else current_service().tokens.issue(site.id)


def require_open(site: Site) -> None:
    """Check that the site gives answers.

    :raises Refused: closed or site_disabled
    """
    sites = current_service().sites
    if sites is not None and sites.closed():
        raise Refused("closed", "The service is closed for now")
    if not site.enabled:
        raise Refused("site_disabled", "The chat of this site is switched off")


def _owner_of_key() -> str | None:
    """Return the site of the key that was sent; other kinds of authorization are meant for somebody in front of us."""
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
    """Return the site that was named and that owns the token or key; either may be missing."""
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
