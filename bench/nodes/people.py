"""Families that ask any node that answers, and somebody who asks far too much, until they are told to stop.

In: nodes, and the ledger. Out: calls in it, and which Build gave which answer. They must not know what is done to them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from bench.nodes.stand import Node
from bench.soak.calling import Caller, Reply
from bench.soak.ledger import Ledger
from bench.soak.people import QUESTIONS, as_another_client


@dataclass(frozen=True, slots=True)
class Answered:
    """Which Build an answer came from, and when it was asked for."""

    build: str
    began: float


@dataclass
class Family:
    """Asks one node, another if that one does not answer, as behind whatever spreads the load."""

    nodes: Sequence[Node]
    ledger: Ledger
    answers: list[Answered] = field(default_factory=list)

    def __call__(self, draw: random.Random) -> None:
        """Ask once."""
        for node in draw.sample(self.nodes, len(self.nodes)):
            reply = Caller(node.port, self.ledger, "family", as_another_client()).call(
                "POST", "/api/v1/chat", {"message": draw.choice(QUESTIONS)}
            )
            if reply.status:
                self._note(reply)
                return

    def _note(self, reply: Reply) -> None:
        if reply.status == 200:
            told = reply.json()
            self.answers.append(Answered(told["build"], reply.began))
            self.ledger.acknowledge(told["turn_id"], reply.began)


@dataclass
class Greedy:
    """One address that asks all nodes far more than it may; ``taken`` are the times at which it got through."""

    nodes: Sequence[Node]
    ledger: Ledger
    taken: list[float] = field(default_factory=list)

    def __call__(self, draw: random.Random) -> None:
        """Ask a node once."""
        node = draw.choice(self.nodes)
        caller = Caller(node.port, self.ledger, "greedy", {"X-Forwarded-For": "198.51.100.7"})
        reply = caller.call("POST", "/api/v1/chat", {"message": "hello"})
        if reply.status == 200:
            self.taken.append(monotonic())
            self.ledger.acknowledge(reply.json()["turn_id"], reply.began)
