"""Two receivers of webhooks: one drips its answer for a minute, the other says at once how old each alarm is."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from time import sleep

from bench.siege.service import SECRET_KEY, Service
from bot.storage.connections import Database
from bot.triage.people.account import Staff
from bot.triage.telling.webhooks import Webhooks

# Chosen before the service is started, because it is told which hosts that are not public it may reach.
PORTS = (18771, 18772)
TRUSTED = ",".join(f"127.0.0.1:{port}" for port in PORTS)
_DRIPS = 60


@contextmanager
def receivers(service: Service) -> Iterator[Callable[[], str]]:
    """Yield what is noticed of the alarms that the quick receiver gets.

    :param service: which tells both of them of urgent tickets.
    :returns: a note.
    """
    ages: list[float] = []
    servers = [
        _Server(("127.0.0.1", PORTS[0]), _Slow),
        _Server(("127.0.0.1", PORTS[1]), _quick(ages)),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    hooks, who = Webhooks(Database(service.database_url), [SECRET_KEY]), _somebody()
    _, quick = (
        hooks.add(f"http://127.0.0.1:{port}/hook", ("ticket.urgent",), with_words=False, by=who)[0] for port in PORTS
    )
    try:
        yield lambda: f"alarms that came: {_told(ages)}; that still wait: {_told(_waiting(hooks, quick))}"
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _told(ages: list[float]) -> str:
    """How many, and the median and the worst of their ages."""
    return f"{len(ages)} (s: {median(ages):.1f} / {max(ages):.1f})" if ages else "none"


def _waiting(hooks: Webhooks, webhook_id: str) -> list[float]:
    now = datetime.now(UTC)
    kept = hooks.deliveries(webhook_id=webhook_id)
    return [(now - _aware(one.made_at)).total_seconds() for one in kept if one.state == "waiting"]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _somebody() -> Staff:
    return Staff("siege", "siege", "admin", False, False, False, datetime.now(UTC))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *told: object) -> None:
        """The service hangs up on the slow one, as it should."""


class _Silent(BaseHTTPRequestHandler):
    def log_message(self, *told: object) -> None:
        pass

    def read_body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))


class _Slow(_Silent):
    def do_POST(self) -> None:
        self.read_body()
        for byte in b"HTTP/1.1 204 No Content\r\n".ljust(_DRIPS, b"x"):
            self.wfile.write(bytes([byte]))
            sleep(1)


def _quick(ages: list[float]) -> type[_Silent]:
    class Quick(_Silent):
        def do_POST(self) -> None:
            happened = datetime.fromisoformat(json.loads(self.read_body())["timestamp"])
            ages.append((datetime.now(UTC) - happened).total_seconds())
            self.send_response(204)
            self.end_headers()

    return Quick
