"""Set headers that keep pages from running, loading or leaking what they should not.

A header that a view has set itself is left alone. Knows nothing of what the pages say.
"""

from __future__ import annotations

from flask import Flask, Response, request

from bot.sites.site import Site

# Nothing inline and nothing from elsewhere. Trusted Types make the browser refuse markup from strings (innerHTML).
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "
)
# Where a site offers voice input; the page around the frame must allow it as well.
_MICROPHONE = "microphone=(self)"
_HEADERS = {
    "Content-Security-Policy": f"{_POLICY}'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def secure(app: Flask) -> None:
    """Set the headers on every response of ``app``."""
    app.after_request(_set_headers)
    app.after_request(_name_no_host)


def let_frame(response: Response, site: Site) -> Response:
    """Let our own pages and the site's origins frame this page; nobody where a partner's list is empty."""
    ancestors = ("'self'", *site.origins) if site.origins or site.is_default else ("'none'",)
    response.headers["Content-Security-Policy"] = f"{_POLICY}{' '.join(ancestors)}"
    # A cross-origin isolated page shows only frames that set the same policy and allow others to load them.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    if site.voice:
        response.headers["Permissions-Policy"] = _HEADERS["Permissions-Policy"].replace("microphone=()", _MICROPHONE)
    return response


def let_anybody_frame(response: Response) -> Response:
    """Let any page frame this one, which holds nothing but words of ours."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def let_show_frames(response: Response, *, framed_by_us: bool = False) -> Response:
    """Let this page show our own pages in frames and, if ``framed_by_us``, be framed by one of them."""
    ancestors = "'self'" if framed_by_us else "'none'"
    response.headers["Content-Security-Policy"] = f"frame-src 'self'; {_POLICY}{ancestors}"
    return response


def let_embed(response: Response) -> Response:
    """Let pages of any origin load this file, also with an integrity hash or under cross-origin isolation."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _name_no_host(response: Response) -> Response:
    """Remove the host from a redirect within this service, since it is only what the request claims.

    Werkzeug itself makes such redirects, to another spelling of an address, and no error handler sees them.
    """
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = f"/{location.removeprefix(request.host_url).lstrip('/')}"
    return response
