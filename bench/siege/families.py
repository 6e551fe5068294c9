"""What a family that is not attacking notices: it chats, and somebody says that they want to die."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from statistics import median
from time import monotonic

MESSAGES = {"chat": "what is gene therapy", "crisis": "I want to kill myself"}
# A browser gives up later; a family does sooner.
GIVE_UP_S = 35.0
PAUSE_S = 0.25


@dataclass
class Noticed:
    """How long each answer took in seconds, and how each ended."""

    seconds: list[float] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """Return the median and the worst time in milliseconds."""
        if not self.seconds:
            return "none"
        return f"{median(self.seconds) * 1000:.0f} / {max(self.seconds) * 1000:.0f}"

    def ended(self) -> str:
        """Return how often each ending came."""
        return ", ".join(f"{count} × {ending}" for ending, count in sorted(self.endings.items())) or "none"


def post(port: int, message: str, client: str, *, timeout_s: float = GIVE_UP_S) -> str:
    """Return how a chat ended: its status, or what kept it from having one.

    :param port: where the service listens.
    :param message: what is said.
    :param client: the address that the proxy says it is from.
    :param timeout_s: after which it is given up.
    :returns: a short word.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    headers = {"Content-Type": "application/json", "X-Forwarded-For": client}
    try:
        connection.request("POST", "/api/v1/chat", json.dumps({"message": message}), headers)
        response = connection.getresponse()
        body = response.read()
    except TimeoutError:
        return "no answer"
    except (OSError, http.client.HTTPException):
        return "cut off"
    finally:
        connection.close()
    # A crisis without anybody to call is not an answer, whatever its status.
    unhelped = message == MESSAGES["crisis"] and b"tel:" not in body
    return f"{response.status}{' without numbers' if unhelped else ''}"


@contextmanager
def watching(port: int) -> Iterator[dict[str, Noticed]]:
    """Yield what families notice as long as this goes on; who waits for an answer is waited for.

    :param port: where the service listens.
    :returns: what is noticed by kind of message.
    """
    stop = threading.Event()
    noticed = {kind: Noticed() for kind in MESSAGES}

    numbers = count()

    def ask(kind: str) -> None:
        while not stop.is_set():
            # Each is another family: one that asks four times a second would be no family.
            one, began = next(numbers), monotonic()
            ending = post(port, MESSAGES[kind], f"198.18.{one >> 8}.{one & 255}")
            noticed[kind].seconds.append(monotonic() - began)
            noticed[kind].endings[ending] += 1
            stop.wait(PAUSE_S)

    threads = [threading.Thread(target=ask, args=(kind,), daemon=True) for kind in MESSAGES]
    for thread in threads:
        thread.start()
    try:
        yield noticed
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=GIVE_UP_S + 5)
