"""Families, somebody in a crisis, partners' servers and staff: each goes on until it is told to stop.

In: where the service is, and the ledger. Out: calls in it. They must not know what is done to the service.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import random
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

from bench.soak.calling import GIVE_UP_S, Caller
from bench.soak.ledger import Ledger

QUESTIONS = (
    "what is gene therapy", "how long does a genetic test take", "is a phase 1 trial dangerous", "hello", "thank you",
    "what is a digital twin", "and for my daughter?", "tell me more", "qué es la terapia génica",
    "why join a natural history study without a treatment?", "what does de-identified mean", "who won the world cup",
)  # fmt: skip
CRISES = ("I want to kill myself", "I want to end my life tonight", "my son has stopped breathing")
PASSWORD = "seven calm herons at dusk"
_LAST_WORD_S = 600.0
_NEXT_CLIENT = count()
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def as_another_client() -> dict[str, str]:
    """Return the header of a proxy that speaks for somebody who was not here yet."""
    one = next(_NEXT_CLIENT)
    return {"X-Forwarded-For": f"198.{18 + (one >> 16) % 2}.{one >> 8 & 255}.{one & 255}"}


@dataclass
class Crowd:
    """Threads that act again and again, each with chance of its own."""

    stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def add(self, act: Callable[[random.Random], None], ledger: Ledger, *, pause_s: float, seed: int) -> None:
        """Begin to act.

        :param act: what is done each time
        :param ledger: told when it fails in a way that nobody foresaw
        :param pause_s: the mean time between
        :param seed: another number gives other chance
        """
        thread = threading.Thread(target=self._go_on, args=(act, ledger, pause_s, seed), daemon=True)
        self._threads.append(thread)
        thread.start()

    def leave(self) -> None:
        """Have all stop, and wait for who waits for an answer, or for a Build."""
        self.stop.set()
        for thread in self._threads:
            thread.join(timeout=_LAST_WORD_S)

    def _go_on(self, act: Callable[[random.Random], None], ledger: Ledger, pause_s: float, seed: int) -> None:
        draw = random.Random(seed)
        while not self.stop.wait(draw.uniform(0, 2 * pause_s)):
            try:
                act(draw)
            except Exception as error:  # noqa: BLE001 - what a body may be that is not as promised
                ledger.go_wrong(f"{type(error).__name__} in {getattr(act, '__qualname__', act)}: {error}"[:200])


@dataclass
class Family:
    """One device: it asks, asks on, votes, asks for a person, reads what was said and has it removed."""

    port: int
    ledger: Ledger
    conversation: str | None = None
    turns: dict[str, str] = field(default_factory=dict)

    def __call__(self, draw: random.Random) -> None:
        """Do one thing that families do."""
        ways = (self._ask, self._vote, self._want_a_person, self._read, self._remove)
        draw.choices(ways, weights=(80, 6, 4, 6, 4))[0](draw)

    def _caller(self, kind: str) -> Caller:
        return Caller(self.port, self.ledger, kind, as_another_client())

    def _ask(self, draw: random.Random) -> None:
        asked = {"message": draw.choice(QUESTIONS)}
        if self.conversation is not None and draw.random() < 0.6:
            asked["conversation_id"] = self.conversation
        reply = self._caller("family").call("POST", "/api/v1/chat", asked)
        if reply.status == 200:
            told = reply.json()
            if told["conversation_id"] != self.conversation:
                self.conversation, self.turns = told["conversation_id"], {}
            self.turns[told["turn_id"]] = told["feedback_token"]
            self.ledger.acknowledge(told["turn_id"], reply.began)

    def _vote(self, draw: random.Random) -> None:
        if self.turns:
            turn, token = draw.choice(list(self.turns.items()))
            vote = {"turn_id": turn, "feedback_token": token, "verdict": draw.choice(("up", "down"))}
            self._caller("vote").call("POST", "/api/v1/feedback", vote)

    def _want_a_person(self, draw: random.Random) -> None:
        if self.turns:
            wish = {"turn_id": draw.choice(list(self.turns)), "note": "please call me"}
            self._caller("hand-off").call("POST", "/api/v1/handoff", wish)

    def _read(self, _: random.Random) -> None:
        if self.conversation:
            self._caller("read again").call("GET", f"/api/v1/conversations/{self.conversation}")

    def _remove(self, _: random.Random) -> None:
        if self.conversation:
            # Before it is asked for: an answer that was cut off says nothing of what was done.
            self.ledger.take_back(set(self.turns))
            self._caller("removal").call("DELETE", f"/api/v1/conversations/{self.conversation}")
            self.conversation, self.turns = None, {}


@dataclass
class InCrisis:
    """Somebody in danger. A browser that is cut off asks once more, and then shows whom to call by itself."""

    port: int
    ledger: Ledger

    def __call__(self, draw: random.Random) -> None:
        """Ask, and read whom to call."""
        caller = Caller(self.port, self.ledger, "crisis", as_another_client())
        asked = {"message": draw.choice(CRISES)}
        reply = caller.call("POST", "/api/v1/chat", asked)
        if reply.status == 0:
            reply = caller.call("POST", "/api/v1/chat", asked, kind="crisis again")
        if reply.status and b"tel:" not in reply.body:
            self.ledger.leave_without_numbers(f"{reply.status} {reply.body[:80]!r}")
        if reply.status == 200:
            self.ledger.acknowledge(reply.json()["turn_id"], reply.began)


@dataclass
class Partner:
    """A partner's own server, which asks for its families with a key, and its page, which shows the frame."""

    port: int
    ledger: Ledger
    site: str
    key: str

    def __call__(self, draw: random.Random) -> None:
        """Ask for a family, or show the frame."""
        if draw.random() < 0.3:
            Caller(self.port, self.ledger, "frame", as_another_client()).call("GET", f"/embed?site={self.site}")
            return
        caller = Caller(self.port, self.ledger, "partner", {"Authorization": f"Bearer {self.key}"})
        reply = caller.call("POST", "/api/v1/chat", {"message": draw.choice(QUESTIONS), "site": self.site})
        if reply.status == 200:
            self.ledger.acknowledge(reply.json()["turn_id"], reply.began)


@dataclass
class Colleague:
    """Somebody in the console: signs in when there is no session, looks at the queue, opens a ticket, writes a note."""

    port: int
    ledger: Ledger
    name: str
    password: str = PASSWORD

    def __post_init__(self) -> None:
        self._browser = self._new_browser()

    def __call__(self, draw: random.Random) -> None:
        """Do one thing that staff do."""
        page = self._get("/staff/?status=any")
        if "/staff/sign-in" in page[:4000] and 'name="password"' in page:
            self._browser = self._new_browser()
            self.sign_in(self.password)
            return
        tickets = re.findall(r'href="(/staff/tickets/[^"#?]+)"', page)
        if tickets and draw.random() < 0.6:
            ticket = draw.choice(tickets)
            form = self._get(ticket)
            if draw.random() < 0.3:
                self._post(f"{ticket}/notes", form, note="seen")
        else:
            self._get(draw.choice(("/staff/overview", "/staff/gaps", "/staff/curated", "/staff/account")))

    def sign_in(self, password: str) -> None:
        """Sign in with a password."""
        self._post("/staff/sign-in", self._get("/staff/sign-in"), name=self.name, password=password)

    def settle_in(self, first: str) -> None:
        """Choose a password in place of the first one."""
        self.sign_in(first)
        fields = {"old": first, "new": self.password, "again": self.password}
        self._post("/staff/account/password", self._get("/staff/account"), **fields)

    def _new_browser(self) -> urllib.request.OpenerDirector:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        browser.addheaders = [*as_another_client().items(), ("Referer", f"http://127.0.0.1:{self.port}/staff/")]
        return browser

    def _get(self, path: str) -> str:
        return self._open(path, None, "console")

    def _post(self, path: str, page: str, **fields: str) -> str:
        token = _TOKEN.search(page)
        form = {"csrf_token": token[1] if token else "", **fields}
        return self._open(path, urllib.parse.urlencode(form).encode(), "console, changes")

    def _open(self, path: str, data: bytes | None, kind: str) -> str:
        began, page, ended = monotonic(), "", ""
        try:
            with self._browser.open(f"http://127.0.0.1:{self.port}{path}", data, GIVE_UP_S) as response:
                page, ended = response.read().decode(), str(response.status)
        except urllib.error.HTTPError as error:
            page, ended = error.read().decode(errors="replace"), str(error.code)
        except TimeoutError:
            ended = "no answer"
        except (OSError, http.client.HTTPException):
            ended = "cut off"
        self.ledger.note(kind, began, ended)
        return page
