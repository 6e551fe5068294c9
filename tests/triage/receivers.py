"""Somebody else's servers, and a courier that sends to them by a clock that a test moves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.telling.courier import Courier
from bot.triage.telling.outbox import EVENTS
from bot.triage.telling.posting import Poster
from bot.triage.telling.webhooks import Webhooks

KEY = ["k" * 32]


@dataclass
class Receiver:
    """Somebody else's server: keeps what it got, and answers as told."""

    port: int = 0
    status: int = 204
    delay_s: float = 0
    retry_after: str | None = None
    drips: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            # As it was when this came: a test that sees what came may then change it.
            status = receiver.status
            receiver.got.append((dict(self.headers.items()), body))
            time.sleep(receiver.delay_s)
            if receiver.drips:
                self.drip()
                return
            self.send_response(status)
            if receiver.retry_after is not None:
                self.send_header("Retry-After", receiver.retry_after)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def drip(self) -> None:
            """An answer whose headers never end, a byte at a time."""
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while receiver.drips:
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            except OSError:
                pass

        def log_message(self, *told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Telling:
    """Webhooks and a courier with a clock that a test moves."""

    database: Database
    receiver: Receiver
    by: Staff
    later: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.database, KEY)
        self.courier = self.another_courier()

    def another_courier(self) -> Courier:
        return Courier(self.database, Webhooks(self.database, KEY), self.poster(), now=self.now)

    def poster(self, *others: Receiver, deadline_s: float = 600.0) -> Poster:
        trusted = {("127.0.0.1", one.port) for one in (self.receiver, *others)}
        return Poster(frozenset(trusted), deadline_s)

    def add(self, *, with_words: bool = False) -> tuple[str, str]:
        return self.webhooks.add(self.receiver.url, EVENTS[:-1], with_words=with_words, by=self.by)
