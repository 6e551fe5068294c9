"""A memory whose turns become tickets, with gists that can be seen: one axis per first word of a question."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import numpy as np

from bot.answering.gist import Gist
from bot.storage.connections import Database
from bot.storage.feedback import Vote
from bot.storage.remembering import Memory
from bot.storage.turn import TurnRecord, token_hash
from bot.triage.people.account import Staff
from bot.triage.people.accounts import AccountStore
from bot.triage.tickets.changing import Changes
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.intake import Intake
from bot.triage.tickets.queue import Filter, Queue, Row
from bot.triage.tickets.reading import Tickets, WholeTicket

TOKEN = "t" * 22
# An answer as it is kept, as far as it matters here that it had a passage that may hold the answer.
NEAR = '{"near":[{"text":"Some children swim."}]}'
_NUMBERS = count(1)


def first_word(text: str) -> Gist:
    """Questions that begin with the same word ask the same."""
    vector = np.zeros(4096, dtype=np.float32)
    vector[zlib.crc32(re.findall(r"\w+", text)[0].lower().encode()) % 4096] = 1
    return Gist(vector, "m" * 64)


@dataclass
class Desk:
    """All of the queue around one database."""

    database: Database
    memory: Memory
    intake: Intake
    queue: Queue
    tickets: Tickets
    changes: Changes
    accounts: AccountStore

    def ask(self, question: str, status: str = "unanswered_no_match", **fields: object) -> str:
        """Keep a turn and take it in; its id."""
        turn_id = self.keep(question, status, **fields)
        self.intake.take(turn_id)
        return turn_id

    def keep(self, question: str, status: str = "unanswered_no_match", **fields: object) -> str:
        number = next(_NUMBERS)
        turn = {
            "id": f"turn-{number}", "conversation_id": f"conversation-{number}", "asked_at": datetime.now(UTC),
            "build": "b", "status": status, "confidence": 0.1, "question": question, "answer": "{}",
            "feedback_token_hash": token_hash(TOKEN),
        }  # fmt: skip
        self.memory.record(TurnRecord(**{**turn, **fields}))  # type: ignore[arg-type]
        return f"turn-{number}"

    def vote_down(self, turn_id: str) -> None:
        assert self.memory.vote(Vote(turn_id, "down"), token=TOKEN) == "kept"
        self.intake.take(turn_id)

    def open_passage(self, turn_id: str, place: int = 0) -> None:
        assert self.memory.open_passage(turn_id, place, token=TOKEN) == "kept"
        self.intake.take(turn_id)

    def rows(self, **wanted: object) -> list[Row]:
        return list(self.queue.page(Filter(**wanted)).rows)  # type: ignore[arg-type]

    def whole(self, row: Row) -> WholeTicket:
        found = self.tickets.read(row.id)
        assert found is not None
        return found

    def person(self, name: str = "amir") -> Staff:
        self.accounts.add(name, "agent", by="tests")
        return next(one for one in self.accounts.all() if one.name == name)


def a_desk(database: Database) -> Desk:
    gists = Gists()
    return Desk(
        database,
        Memory(database, redact=str),
        Intake(database, gists, first_word),
        Queue(database, gists, first_word),
        Tickets(database),
        Changes(database),
        AccountStore(database),
    )
