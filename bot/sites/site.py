"""Define what is known of a site.

Knows nothing of where sites are kept or how a request names one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

DEFAULT_SITE = "default"
# Letters and digits that cannot be confused when somebody reads an id out over the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the chat is shown: ours (``default``) or a partner's.

    ``origins`` may show the chat in a frame: ``https://host[:port]``, or ``https://*.host`` for its subdomains; without
    any, nobody may. ``tags`` select what is answered from: sources with at least one of them; without any, the whole
    corpus. ``country`` is the one whose emergency numbers are shown. An accent is ``#rrggbb``, checked against text and
    background, or ``None`` for ours. ``languages`` are those of the interface; the first is used unless the page asks
    for another. ``client_per_minute`` and ``site_per_minute`` limit the questions of one client and of the whole site,
    0 for no limit. ``voice`` lets the browser offer voice input. ``logo`` is the digest of a stored picture. A site
    that is not ``enabled`` gives no answers.
    """

    id: str
    name: str
    origins: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    country: str = "other"
    greeting: str | None = None
    accent_light: str | None = None
    accent_dark: str | None = None
    languages: tuple[str, ...] = ("en",)
    contact_url: str | None = None
    client_per_minute: int = 120
    site_per_minute: int = 1200
    voice: bool = False
    enabled: bool = True
    logo: str | None = None

    @property
    def is_default(self) -> bool:
        """Say whether this is our own site, which needs no token."""
        return self.id == DEFAULT_SITE

    @property
    def kept_id(self) -> str | None:
        """Return the id as stored with turns, ``None`` for our own site."""
        return None if self.is_default else self.id


def new_site_id() -> str:
    """Return a fresh id; ids are public, but cannot be found by trying."""
    return "site_" + "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LETTERS))
