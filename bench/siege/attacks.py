"""The attacks, each a context: what is done goes on until it is left. Each may say in a note what came of it."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from functools import partial
from itertools import count, cycle
from pathlib import Path

import psutil

from bench.siege.families import post
from bench.siege.receivers import receivers
from bench.siege.service import Service
from bench.slow_clients import holding

Note = Callable[[], str]
Attack = Callable[[Service], AbstractContextManager[Note]]
SLOW_QUESTIONS = ("She was born " + "a" * 1900 + " 1", "ID " * 666 + "1", "at 1" * 500, "1. " * 666)
CONNECTIONS = 64


def nothing_to_say() -> str:
    """Return an empty note."""
    return ""


@contextmanager
def _crowd(size: int, act: Callable[[int], object]) -> Iterator[None]:
    """So many attackers that act again and again; what fails for one of them is tried again."""
    stop = threading.Event()

    def go_on(number: int) -> None:
        while not stop.is_set():
            with suppress(OSError, http.client.HTTPException, ValueError):
                act(number)
            stop.wait(0.01)

    threads = [threading.Thread(target=go_on, args=(number,), daemon=True) for number in range(size)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)


@contextmanager
def slow_question(service: Service) -> Iterator[Note]:
    """Questions that cost much to read."""
    turns = cycle(SLOW_QUESTIONS)

    def act(number: int) -> None:
        question = next(turns)
        post(service.port, question, f"198.51.100.{number}", timeout_s=40)

    with _crowd(4, act):
        yield nothing_to_say


@contextmanager
def slow_clients(kind: str, service: Service) -> Iterator[Note]:
    """Connections that hardly say anything, opened anew when they are cut off."""

    def act(_: int) -> None:
        with holding(kind, ("127.0.0.1", service.port), CONNECTIONS // 4):
            stop.wait(20)

    stop = threading.Event()
    with _crowd(4, act):
        try:
            yield nothing_to_say
        finally:
            stop.set()


@contextmanager
def sign_in_flood(service: Service) -> Iterator[Note]:
    """Names and passwords that are not good, from 32 clients of one network."""
    origin = f"http://127.0.0.1:{service.port}"
    endings: dict[int, int] = {}

    def act(number: int) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        browser.addheaders = [("X-Forwarded-For", f"198.51.100.{number}"), ("Referer", f"{origin}/staff/sign-in")]
        try:
            page = browser.open(f"{origin}/staff/sign-in", timeout=40).read().decode()
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            form = {"csrf_token": token[1] if token else "", "name": f"nobody{number}", "password": "x" * 12}
            status = browser.open(f"{origin}/staff/sign-in", urllib.parse.urlencode(form).encode(), 40).status
        except urllib.error.HTTPError as error:
            status = error.code
        endings[status] = endings.get(status, 0) + 1

    with _crowd(32, act):
        yield lambda: "sign-ins: " + ", ".join(f"{times} × {status}" for status, times in sorted(endings.items()))


@contextmanager
def paused_database(service: Service) -> Iterator[Note]:
    """A PostgreSQL that takes connections and never answers: each of its processes is stopped."""
    folder = Path(urllib.parse.parse_qs(urllib.parse.urlsplit(service.database_url).query)["host"][0])
    head = psutil.Process(int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
    stopped = [head, *head.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        yield nothing_to_say
    finally:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@contextmanager
def planted_conversation(service: Service) -> Iterator[Note]:
    """A form of a foreign page that sends a family's browser into the attacker's conversation."""
    pages: list[bool] = []

    def act(number: int) -> None:
        begun = _call(service, "/api/v1/chat", json.dumps({"message": "hello"}), "application/json", number)
        conversation = json.loads(begun).get("conversation_id")
        if conversation is None:
            # Who asks as fast as this is soon told to wait.
            return
        form = urllib.parse.urlencode({"message": "what is a phase 1 trial", "conversation_id": conversation})
        page = _call(service, "/ask", form, "application/x-www-form-urlencoded", number)
        pages.append(conversation.encode() in page)

    with _crowd(2, act):
        yield lambda: f"planted: {sum(pages)} of {len(pages)}"


def _call(service: Service, path: str, body: str, kind: str, number: int) -> bytes:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"} if path == "/ask" else {}
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=40)
    try:
        headers = {"Content-Type": kind, "X-Forwarded-For": f"198.51.100.{number}", **foreign}
        connection.request("POST", path, body, headers)
        return connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def many_networks(service: Service) -> Iterator[Note]:
    """Questions from ever other /64s of one provider, as many as they may ask."""
    numbers = count()

    def act(_: int) -> None:
        network = next(numbers) % 4096
        post(service.port, "hello", f"2001:db8:{network >> 8:x}:{network & 255:x}::1")

    with _crowd(24, act):
        yield lambda: f"{next(numbers)} questions"


@contextmanager
def removed_metrics(service: Service) -> Iterator[Note]:
    """The metrics folder goes, as by a cleaner of /tmp, and a worker dies and comes back."""
    shutil.rmtree(service.folder / "numbers", ignore_errors=True)
    workers = psutil.Process(service.pid).children()
    if workers:
        os.kill(workers[0].pid, signal.SIGKILL)
    yield nothing_to_say


@contextmanager
def slow_receiver(service: Service) -> Iterator[Note]:
    """A webhook whose receiver takes its time beside one that is quick; each crisis is told to both."""
    with receivers(service) as note:
        yield note


ATTACKS: dict[str, Attack] = {
    "slow-question": slow_question,
    **{
        kind.replace(" ", "-"): partial(slow_clients, kind)
        for kind in ("idle", "half a head", "half a body", "dripping", "not reading", "not closing", "too large")
    },
    "sign-in": sign_in_flood,
    "paused-database": paused_database,
    "planted": planted_conversation,
    "slow-receiver": slow_receiver,
    "networks": many_networks,
    "metrics-folder": removed_metrics,
}
ON_POSTGRESQL = {"paused-database"}


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Yield the address of a PostgreSQL in a folder."""
    import pgserver

    server = pgserver.get_server(folder, cleanup_mode="delete")
    with ExitStack() as stack:
        stack.callback(server.cleanup)
        yield server.get_uri()
