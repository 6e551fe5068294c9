"""What is known of a site.

In: nothing. Out: ``Site``. It must not know where sites are kept or how a request names one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

DEFAULT_SITE = "default"
# Letters and digits that cannot be taken for one another when somebody reads an id out on the telephone.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_ID_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the chat is: ours (``default``) or a partner's.

    ``origins`` may show the chat in a frame: ``https://host[:port]``, or ``https://*.host`` for any one label; none of
    them denies everybody. ``tags`` name the collection: what has one of them is answered from; none of them means the
    whole corpus. ``country`` is whose emergency numbers are shown. An accent is ``#rrggbb``, ``None`` for ours; it was
    checked against text and background. ``languages`` are those of the interface, the first one unless the page asks
    for another. Numbers of questions a minute are for one client and for the site as a whole, 0 for no limit.
    ``voice`` lets the browser offer voice input. ``logo`` is the name of a picture that is kept. A site that is not
    ``enabled`` gives no answers.
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
        """Whether this is our own, which needs no token."""
        return self.id == DEFAULT_SITE

    @property
    def kept_id(self) -> str | None:
        """As turns are kept with it: ours is nothing."""
        return None if self.is_default else self.id


def new_site_id() -> str:
    """Return a fresh id; it is public, but one cannot be found by trying."""
    return "site_" + "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LETTERS))
