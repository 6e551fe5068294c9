"""A real server for the browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

OpenPage = Callable[..., Page]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The origin at which ``app`` is served on a free port."""
    server = make_server("127.0.0.1", 0, _read_first(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read_first(app: WSGIApplication) -> WSGIApplication:
    """Serve ``app`` with each response read and closed before it is sent.

    Werkzeug's server leaves a file open when the browser goes away while it is sent, and a later test fails for it.
    """

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = app(environ, start_response)
        try:
            return [b"".join(response)]
        finally:
            close = getattr(response, "close", None)
            if close is not None:
                close()

    return served
