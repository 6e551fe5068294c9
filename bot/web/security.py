"""Headers that keep pages from running, loading or leaking what they should not.

Comes in: responses. Goes out: the same with the headers set that the view did not set itself. It must not know what
the pages say.
"""

from __future__ import annotations

from flask import Flask, Response, request

from bot.sites.site import Site

# Nothing inline and nothing from elsewhere. Trusted types make the browser refuse markup from strings (innerHTML).
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
    """Sets the headers on every response of ``app``."""
    app.after_request(_set_headers)
    app.after_request(_name_no_host)


def let_frame(response: Response, site: Site) -> Response:
    """Lets our own pages and the site's origins show this page in a frame; nobody where a partner's list is empty."""
    ancestors = ("'self'", *site.origins) if site.origins or site.is_default else ("'none'",)
    response.headers["Content-Security-Policy"] = f"{_POLICY}{' '.join(ancestors)}"
    # A page under cross-origin isolation shows only frames that ask for the same and say that others may load them.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    if site.voice:
        response.headers["Permissions-Policy"] = _HEADERS["Permissions-Policy"].replace("microphone=()", _MICROPHONE)
    return response


def let_anybody_frame(response: Response) -> Response:
    """Lets every page show this page of ours in a frame: it holds nothing but words of ours."""
    response.headers["Content-Security-Policy"] = f"{_POLICY}*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def let_show_frames(response: Response, *, framed_by_us: bool = False) -> Response:
    """Lets this page of ours show pages of ours in frames, and be shown in one by ours if it is said."""
    ancestors = "'self'" if framed_by_us else "'none'"
    response.headers["Content-Security-Policy"] = f"frame-src 'self'; {_POLICY}{ancestors}"
    return response


def let_embed(response: Response) -> Response:
    """Lets pages of any origin load this file, also with an integrity hash or under cross-origin isolation."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _set_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _name_no_host(response: Response) -> Response:
    """A redirect within this service, without the host, which is only what the request says.

    Werkzeug makes such ones by itself, to another spelling of an address, past every handler of errors.
    """
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = f"/{location.removeprefix(request.host_url).lstrip('/')}"
    return response
