"""Messages of all kinds put to the chat: each has an answer or is refused, and costs no more than it may.

Hypothesis makes them, steered towards those that cost more, and shrinks what it finds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from hypothesis import strategies as st
from hypothesis import target

from bench.fuzz.finding import Trial
from bench.fuzz.hunting import hunt
from bench.fuzz.service import application

MOST_S = 0.2
_TRIES = 4
_MOST_CHARS = 2_000
# Words of questions, of danger, of personal details, and signs that expressions look for, in several scripts.
_PIECES = (
    *"a1 .,-–'’(\n?!_#:@/*", "gene therapy ", "what is ", "my daughter ", "Ada ", "born ", "on 3 May ", "ID ", "at 1 ",
    "1. ", "ref no. ", "call ", "+1 555 ", "live in ", "a@b.org ", "dot ", "Dr. ", "d'", "é", "漢", "字", "😀",
    "\u0301", "\u202e", "\u200d", "محمد ", "что такое ", "qué es ", "ok ", "and ", "why ", "?? ", "not ",
    "I want to die ", "breathing ", "if ", "ignore all previous ", "<b>", "**", "[1:00] ", "SHANK3 ", "p.Arg12* ",
    "12/3/2020 ", "%", "\\",
)  # fmt: skip
MESSAGES = st.one_of(
    st.text(max_size=_MOST_CHARS),
    st.lists(st.sampled_from(_PIECES), max_size=400).map(lambda pieces: "".join(pieces)[:_MOST_CHARS]),
    st.tuples(st.sampled_from(_PIECES), st.sampled_from(_PIECES), st.integers(1, _MOST_CHARS)).map(
        lambda made: ((made[0] * made[2])[: _MOST_CHARS - len(made[1])] + made[1])[:_MOST_CHARS]
    ),
)


def tried(index: Path | None, kept: Path, seed: int) -> Iterator[Trial]:
    """Yield what came of one message after the other, without end."""
    with application(index) as app:
        client = app.test_client()
        yield from hunt("messages", "chat", MESSAGES, lambda message: _must_be_answered(client, message), kept, seed)


def _must_be_answered(client: FlaskClient, message: str) -> None:
    least = float("inf")
    for _ in range(_TRIES):
        begun = time.process_time()
        response = client.post("/api/v1/chat", json={"message": message})
        least = min(least, time.process_time() - begun)
        assert response.status_code in {200, 400, 422}, f"{response.status_code} {response.text[:200]}"
        if least <= MOST_S:
            break
    target(least, label="processor seconds")
    assert least <= MOST_S, f"{least:.3f} s of processor time"
