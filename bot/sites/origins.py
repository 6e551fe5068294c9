"""Turn what an operator types as an origin into the form that browsers write, or say why it is not one.

An origin is ``https://host[:port]``, or ``https://*.host`` for its subdomains; ``http`` only for the local machine. The
result can stand in a ``frame-ancestors`` policy as it is.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from bot.errors import SiteInvalid

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# At least two labels: "https://*.com" would allow everybody.
_HOST = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})+")
_LOCAL = frozenset({"localhost", "127.0.0.1"})
_EXPECTED = "https://host, https://host:port or https://*.host, with nothing after it"
_REMEDY = "Type what stands before the first single slash in the address of the partner's page."
_DEFAULT_PORTS = {"https": 443, "http": 80}
# Domains under which anybody can have a page: a wildcard before one would let all of them in.
_SHARED = re.compile(
    r"(co|org|ac|gov|nhs)\.uk|(com|org|gov|edu)\.au|co\.(nz|jp|za|in)|com\.(br|mx|tr)|git(hub|lab)\.io|(pages|workers)\.dev|"
    r"(netlify|vercel|web)\.app|(firebaseapp|herokuapp|blogspot|wordpress|wixsite|weebly|squarespace|myshopify)\.com|"
    r"azurewebsites\.net|cloudfront\.net|amazonaws\.com|webflow\.io"
)


def origin_of(typed: str) -> str:
    """Return an origin in the one form that browsers and policies use.

    :param typed: such as ``https://Partner.example/``.
    :returns: lower case, without a trailing slash and without the default port.
    :raises SiteInvalid: when it is not an origin, or one that may not be allowed.
    """
    text = typed.strip().lower().removesuffix("/")
    parts, port = _split(text, typed)
    if parts.path or parts.query or parts.fragment or parts.username is not None or not parts.netloc:
        raise _invalid(typed)
    host = parts.netloc.rsplit(":", 1)[0] if port is not None else parts.netloc
    if parts.scheme == "http" and host not in _LOCAL:
        raise SiteInvalid("origins", repr(typed), "https, as http can be read and changed on its way", _REMEDY)
    if parts.scheme not in _DEFAULT_PORTS or (host not in _LOCAL and not _HOST.fullmatch(host)):
        raise _invalid(typed)
    if host.startswith("*.") and _SHARED.fullmatch(host.removeprefix("*.")):
        raise SiteInvalid(
            "origins", repr(typed), "a host of the partner's own behind the *", "Name the partner's host exactly."
        )
    shown = "" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _split(text: str, typed: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        return parts, parts.port
    except ValueError:
        raise _invalid(typed) from None


def _invalid(typed: str) -> SiteInvalid:
    return SiteInvalid("origins", repr(typed), _EXPECTED, _REMEDY)
