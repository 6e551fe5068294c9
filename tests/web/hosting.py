"""A real gunicorn with a partner's site, and pages of other origins that have the chat on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request

from tests.patience import PATIENCE_S
from tests.sites.partners import a_store, add_partner
from tests.structure.tree import TOP

from .serving import serving

# What the query may say of the line, as the attributes of the same names.
_TOLD = frozenset({"theme", "accent", "accent-dark", "voice", "position"})
ELEMENT = '<explainer-chat site="{site}" mode="{mode}"></explainer-chat>'


@dataclass(frozen=True)
class Hosted:
    """Where the service is, the partner's site, its page, and a page that is not allowed to show the chat.

    ``near`` is the partner's page on the service's own host: browsers that keep third parties from storing anything,
    as Playwright's do, let the frame store there.
    """

    service: str
    site: str
    page: str
    near: str
    stranger: str


@contextmanager
def hosted(folder: Path) -> Iterator[Hosted]:
    """The service as it runs in production, and two pages of other origins."""
    service = f"http://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        site_of: list[str] = []
        near = stack.enter_context(serving(_host_page(service, site_of)))
        stranger = stack.enter_context(serving(_host_page(service, site_of)))
        page = near.replace("127.0.0.1", "localhost")
        partner = add_partner(
            a_store(f"sqlite:///{folder}/bot.sqlite3"),
            origins=(page, near),
            country="US",
            languages=("en", "es"),
            voice=True,
            greeting="Welcome to our hospital.",
            accent_light="#7a1f5c",
            accent_dark="#eab08c",
        )
        site_of.append(partner.id)
        stack.enter_context(_gunicorn(folder, service))
        yield Hosted(service, partner.id, page, near, stranger)


def _host_page(service: str, site_of: list[str]) -> Flask:
    """A page under a strict policy; the query says mode, language and ground of the page, and how the line is written.

    ``line`` is ``late`` (async, at the end), ``head`` (in the head, without async), ``unnamed`` (without a site) or
    ``wrong`` (with one that nobody knows); ``isolated`` puts the page under cross-origin isolation.
    """
    app = Flask("host")

    def page() -> Response:
        mode, lang = request.args.get("mode", "launcher"), request.args.get("lang", "en")
        placed = "" if mode == "launcher" else ELEMENT.format(site=site_of[0], mode=mode)
        written = request.args.get("line", "late")
        named = {"unnamed": "", "wrong": ' data-site="site_nobodyknowsthis"'}.get(written, f' data-site="{site_of[0]}"')
        more = "".join(f' data-{key}="{value}"' for key, value in request.args.items() if key in _TOLD)
        line = f'<script {"" if written == "head" else "async "}src="{service}/widget.js"{named}{more}></script>'
        head = line if written == "head" else ""
        early = '<script src="/early.js"></script>' if "early" in request.args else ""
        lines = "" if head else line * int(request.args.get("times", 1))
        body = f"<h1>Partner</h1><p><a href='#top'>A link of the page</a></p>{early}{placed}{lines}"
        ground = request.args.get("ground", "#ffffff")
        response = Response(
            f'<!doctype html><html lang="{lang}"><head><meta name="viewport" content="width=device-width">'
            f'<title>Partner</title>{head}</head><body bgcolor="{ground}">{body}'
        )
        frames = "'none'" if request.args.get("policy") == "none" else service
        policy = (
            f"default-src 'none'; script-src 'self' {service}; frame-src {frames}; require-trusted-types-for 'script'"
        )
        response.headers["Content-Security-Policy"] = policy
        if "isolated" in request.args:
            response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    def early() -> Response:
        queue = "window.ExplainerChat = function () { (ExplainerChat.q ??= []).push(arguments); };"
        return Response(f"{queue} ExplainerChat('ask', 'uncertain');", content_type="text/javascript")

    app.add_url_rule("/", view_func=page)
    app.add_url_rule("/early.js", view_func=early)
    return app


@contextmanager
def _gunicorn(folder: Path, service: str) -> Iterator[None]:
    environment = {
        **os.environ,
        "STORIED_FOLDER": str(folder),
        "PORT": service.rsplit(":", 1)[1],
        "WEB_CONCURRENCY": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.web.storied:app()"]
    with subprocess.Popen(
        command, cwd=TOP, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_for(f"{service}/healthz")
            yield
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_S)


def wait_for(address: str, patience_s: float = PATIENCE_S) -> None:
    until = time.monotonic() + patience_s
    while True:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE_S).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
