"""Run gunicorn's threaded worker so that no thread ever waits for a client (docs/adr/0016-slow-clients.md).

Threads get only whole requests, and answers are sent as fast as each client takes them. A connection that is silent,
half-sent, slow, not reading or not closed waits in the poller, where it costs a few kilobytes until its time is up.
Knows nothing of Flask.
"""

from __future__ import annotations

import errno
import resource
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from bot.web.arriving import Arrived, ArrivingRequest
from bot.web.outgoing import Outgoing
from bot.web.parsing import MAX_BODY_BYTES

# A question is two kilobytes: a client that has not sent it by then has no usable connection.
REQUEST_S = 15.0
# An answer of 20 KB over a bad telephone line takes ten seconds; waiting costs memory, no thread.
ANSWER_S = 60.0
# Lets the client read the last answer before the connection is gone (RFC 9112 section 9.6).
CLOSING_S = 2.0
# The most that all clients of this worker together may have left untaken.
MAX_UNSENT_BYTES = 64 * 2**20

_SWEEP_S = 0.5
_FILES = 4096
_PIECE_BYTES = 65536
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_REFUSAL = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_LATE, _LONG_HEAD = b"408 Request Timeout", b"431 Request Header Fields Too Large"
_MALFORMED = b"400 Bad Request"
_NO_CLIENT = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED}
_NO_FILES = {errno.EMFILE, errno.ENFILE}


class Caller(TConn):  # type: ignore[misc]
    """A connection with what it has sent, what it has not yet taken, and until when it may wait."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        sock.setblocking(False)
        super().__init__(cfg, Outgoing(sock), client, server)
        # The parser never asks the socket for the first byte of a request: it has arrived already.
        self.data_ready = True
        self.since = time.monotonic()
        self.answers = 0
        self.until = 0.0
        self.whole = True
        self.expect_request()

    def expect_request(self) -> None:
        """Forget the request that was answered."""
        self.arrival = ArrivingRequest(MAX_BODY_BYTES)
        self.request_until: float | None = None

    def hears(self, data: bytes) -> Arrived:
        """Add ``data`` and return how much of the request has arrived."""
        self.request_until = self.request_until or time.monotonic() + REQUEST_S
        return self.arrival.add(data)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose threads take only whole requests and are free again before the answer is delivered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # With sendfile, gunicorn would hand the file to the kernel and bypass what is kept for a slow client.
        self.cfg.set("sendfile", False)
        self._waiting: dict[Caller, Callable[[Caller], None]] = {}
        self._swept_at = 0.0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """Refuse a configuration that this worker does not support, before anything is served."""
        super().check_config(cfg, log)
        if cfg.is_ssl:
            raise SystemExit("Found certfile or keyfile, expected none: TLS is for the proxy in front (docs/proxy.md).")

    def init_process(self) -> None:
        """Raise this process's limit of open connections as far as allowed."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < _FILES:
            wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; at the limit, the one that has been idle longest makes room."""
        self._take(listener)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Start or stop accepting; at the end, connections that the kernel has already accepted are still answered.

        They would be reset when the last process closes the socket. It is closed at once, so that later connections are
        refused, which every proxy and browser understands.
        """
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            while self._take(listener):
                continue
            listener.close()

    def _take(self, listener: socket.socket) -> bool:
        """Accept one connection and say whether there was one."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_FILES:
                self._make_room()
            elif error.errno not in _NO_CLIENT:
                raise
            return False
        self.nr_conns += 1
        self._listen(Caller(self.cfg, sock, client, listener.getsockname()))
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        return True

    def finish_request(self, conn: Caller, fs: Future[Any]) -> None:
        """Continue with a connection whose request a thread has answered."""
        failed = fs.cancelled() or fs.exception() is not None
        conn.whole = conn.whole and not failed and bool(fs.result())
        conn.answers += 1
        conn.since = time.monotonic()
        conn.until = conn.since + ANSWER_S
        self._deliver(conn)
        while conn.sock.unsent and sum(len(caller.sock.unsent) for caller in self._waiting) > MAX_UNSENT_BYTES:
            self._drop(max(self._waiting, key=lambda caller: len(caller.sock.unsent)))

    def murder_keepalived(self, force: bool = False) -> None:
        """End the connections whose time is up."""
        now = time.monotonic()
        if not force and now - self._swept_at < _SWEEP_S:
            return
        self._swept_at = now
        for caller in [caller for caller in self._waiting if force or caller.until <= now]:
            if not force and caller.arrival.received:
                self._refuse(caller, _TOO_LATE)
            else:
                self._drop(caller)

    def _cap_keepalive(self, deadline: float) -> None:
        for caller in self._waiting:
            caller.until = min(caller.until, deadline)

    def _listen(self, caller: Caller) -> None:
        """Wait for the next piece of a request, or its first."""
        patience_s = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
        caller.until = caller.request_until or time.monotonic() + patience_s
        self._wait(caller, selectors.EVENT_READ, self._read)

    def _read(self, caller: Caller) -> None:
        data = caller.sock.receive(_PIECE_BYTES)
        if data is None:
            self._listen(caller)
        elif data:
            self._heard(caller, data)
        else:
            self._drop(caller)

    def _heard(self, caller: Caller, data: bytes) -> None:
        arrived = caller.hears(data)
        if arrived is Arrived.LONG_HEAD:
            self._refuse(caller, _LONG_HEAD)
        elif arrived is Arrived.MALFORMED:
            self._refuse(caller, _MALFORMED)
        elif arrived is Arrived.PART:
            if caller.arrival.asks_to_go_on():
                caller.sock.offer(_GO_ON)
            self._listen(caller)
        else:
            # The application refuses a long body without reading it; the rest of it is not the next request.
            caller.whole = arrived is Arrived.WHOLE
            caller.init()
            caller.parser.unreader.unread(bytes(caller.arrival.received))
            caller.expect_request()
            self.enqueue_req(caller)

    def _keepalive_after(self, conn: Caller, keepalive: bool) -> bool:
        # After a body that was cut off, stop reading: its rest would be taken for a request.
        return conn.whole and bool(super()._keepalive_after(conn, keepalive))

    def _deliver(self, caller: Caller) -> None:
        """Send what the client takes; once it has everything, listen again or part."""
        if not caller.sock.flush():
            self._wait(caller, selectors.EVENT_WRITE, self._deliver)
        elif caller.sock.gone:
            self._drop(caller)
        elif not caller.whole:
            self._part(caller)
        else:
            self._listen_again(caller)

    def _listen_again(self, caller: Caller) -> None:
        begun = caller.parser.unreader.take_buffered()
        if begun:
            self._heard(caller, begun)
        else:
            self._listen(caller)

    def _part(self, caller: Caller) -> None:
        """Say that nothing more will come, and wait a little for the client to close."""
        caller.expect_request()
        caller.sock.say_farewell()
        caller.until = time.monotonic() + CLOSING_S
        self._wait(caller, selectors.EVENT_READ, self._ignore)

    def _ignore(self, caller: Caller) -> None:
        if caller.sock.receive(_PIECE_BYTES) == b"":
            self._drop(caller)
        else:
            self._wait(caller, selectors.EVENT_READ, self._ignore)

    def _refuse(self, caller: Caller, status: bytes) -> None:
        self._forget(caller)
        caller.sock.offer(_REFUSAL % status)
        self._part(caller)

    def _wait(self, caller: Caller, event: int, then: Callable[[Caller], None]) -> None:
        self._waiting[caller] = then
        self.poller.register(caller.sock, event, partial(self._go_on, caller))

    def _go_on(self, caller: Caller, _: object) -> None:
        # Handling another event of the same round may have dropped it.
        then = self._forget(caller)
        if then is not None:
            then(caller)

    def _forget(self, caller: Caller) -> Callable[[Caller], None] | None:
        then = self._waiting.pop(caller, None)
        if then is not None:
            self.poller.unregister(caller.sock)
        return then

    def _drop(self, caller: Caller) -> None:
        self._forget(caller)
        self.nr_conns -= 1
        caller.close()

    def _make_room(self) -> None:
        """Drop the connection that has waited longest, first among those that were never answered."""
        if self._waiting:
            self._drop(min(self._waiting, key=lambda caller: (caller.answers > 0, caller.since)))
