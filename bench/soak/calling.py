"""A call to the service -> its end in a word, written into the ledger, and its body.

It must not know what is asked, but that somebody in a crisis must read whom to call.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from bench.soak.ledger import Ledger

# A browser gives up later; a family does sooner.
GIVE_UP_S = 35.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came: the status, 0 if none did, and the body; and when it was asked for."""

    status: int
    body: bytes
    began: float = 0.0

    def json(self) -> Any:
        """Return the body as it is meant."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody at an address, with headers of their own."""

    port: int
    ledger: Ledger
    kind: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: object = None, *, kind: str | None = None) -> Reply:
        """Return what came of a call, also when nothing did.

        :param method: of HTTP
        :param path: with its query
        :param body: to be sent as JSON, or bytes as they are
        :param kind: under which it is written down; the caller's own by default
        :returns: the reply; its status is 0 when the connection was cut off or nobody answered in time
        """
        began, reply, ended = monotonic(), Reply(0, b""), ""
        try:
            reply = self._call(method, path, body)
            ended = self._told(reply)
        except TimeoutError:
            ended = "no answer"
        except (OSError, http.client.HTTPException):
            ended = "cut off"
        self.ledger.note(kind or self.kind, began, ended)
        return replace(reply, began=began)

    def _call(self, method: str, path: str, body: object) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVE_UP_S)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            headers = {"Content-Type": "application/json", "Connection": "close", **self.headers}
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            return Reply(response.status, response.read())
        finally:
            connection.close()

    def _told(self, reply: Reply) -> str:
        if reply.status < 400:
            return str(reply.status)
        try:
            return f"{reply.status} {reply.json().get('code', '')}".strip()
        except (ValueError, AttributeError):
            return str(reply.status)
