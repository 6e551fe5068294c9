"""Replies of staff: each family gets one, whoever sends at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection

from bot.storage.audit import AuditLog
from bot.storage.comeback import ComeBack
from bot.storage.handoff import HandedOff, HandoffStore
from bot.storage.secrecy import Sealer
from bot.triage.replying.contacts import Contacts
from bot.triage.replying.replies import ALL, Draft, Replies
from bot.triage.tickets.changing import Conflict, Seen
from bot.triage.tickets.queue import Row

from .queues import Desk

HELLO = Draft("Please ring us.", "Sam, the team", then="resolved")


@dataclass
class Posted:
    """An outbox that tells what it was given."""

    mails: list[tuple[str, str]] = field(default_factory=list)

    def mail(self, connection: Connection, *, turn_id: str, reply_id: str) -> None:
        self.mails.append((turn_id, reply_id))


@pytest.fixture
def posted() -> Posted:
    return Posted()


@pytest.fixture
def replies(desk: Desk, posted: Posted) -> Replies:
    return Replies(desk.database, posted)


def seen(row: Row) -> Seen:
    return Seen(row.id, row.version)


def test_all_who_ask_the_same_are_answered_once_and_the_ticket_is_closed(
    desk: Desk, replies: Replies, posted: Posted
) -> None:
    amir = desk.person()
    first, second = desk.ask("Swimming?"), desk.ask("Swimming with a tube?")
    (row,) = desk.rows()
    assert replies.send(seen(row), HELLO, by=amir) == 2
    (row,) = desk.rows(status="resolved")
    assert row.assignee == "amir"
    assert [(event.kind, event.text) for event in desk.whole(row).events] == [
        ("reply", "to 2 families"),
        ("status", "resolved"),
    ]
    assert [one.replies for one in desk.whole(row).askings] == [1, 1]
    assert {turn for turn, _ in posted.mails} == {first, second}
    (sent,) = replies.of_ticket(row.id)
    assert (sent.text, sent.who, sent.author_label, sent.families, sent.seen) == (
        "Please ring us.", "amir", "Sam, the team", 2, 0,
    )  # fmt: skip
    assert replies.label_of("amir") == "Sam, the team"


def test_a_family_reads_what_was_written_to_it_and_staff_see_that_it_did(desk: Desk, replies: Replies) -> None:
    desk.ask("Swimming?", conversation_id="one")
    desk.ask("Swimming with a tube?", conversation_id="two")
    (row,) = desk.rows()
    replies.send(seen(row), HELLO, by=desk.person())
    back = ComeBack(desk.database)
    assert back.replies("one", seen=False)[0].seen_at is None
    assert [one.text for one in back.replies("one", seen=True)] == ["Please ring us."]
    assert back.replies("one", seen=True)[0].seen_at is not None
    assert replies.of_ticket(row.id)[0].seen == 1


def test_a_family_that_asked_twice_gets_one_reply_and_who_has_one_gets_no_other(desk: Desk, replies: Replies) -> None:
    amir = desk.person()
    desk.ask("Swimming?", conversation_id="one")
    desk.ask("Swimming at all?", conversation_id="one")
    (row,) = desk.rows()
    assert replies.send(seen(row), Draft("Once.", "Sam", to=ALL), by=amir) == 1
    newcomer = desk.ask("Swimming in the sea?", conversation_id="two")
    (row,) = desk.rows()
    assert replies.send(seen(row), Draft("Only you.", "Sam", to=newcomer), by=amir) == 1
    (row,) = desk.rows()
    assert replies.send(seen(row), Draft("Elsewhere.", "Sam", to="turn-of-another-ticket"), by=amir) == 0
    back = ComeBack(desk.database)
    assert [one.text for one in back.replies("one", seen=False)] == ["Once."]
    assert [one.text for one in back.replies("two", seen=False)] == ["Only you."]


def test_of_fifty_who_send_at_once_one_is_heard_and_the_others_are_told(
    desk: Desk, replies: Replies, posted: Posted
) -> None:
    amir = desk.person()
    desk.ask("Swimming?", conversation_id="one")
    (row,) = desk.rows()
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda _: replies.send(seen(row), HELLO, by=amir), range(50)))
    assert outcomes.count(1) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 49
    assert len(ComeBack(desk.database).replies("one", seen=False)) == 1
    assert len(posted.mails) == 1


def test_replies_go_with_the_conversation(desk: Desk, replies: Replies) -> None:
    desk.ask("Swimming?", conversation_id="one")
    desk.ask("Swimming with a tube?", conversation_id="two")
    (row,) = desk.rows()
    replies.send(seen(row), HELLO, by=desk.person())
    desk.memory.forget("one")
    assert ComeBack(desk.database).replies("one", seen=False) == ()
    assert replies.of_ticket(row.id)[0].families == 1


def test_who_looks_up_how_a_family_can_be_reached_is_written_down(desk: Desk) -> None:
    amir, audit = desk.person(), AuditLog(desk.database)
    handoffs = HandoffStore(desk.database, Sealer([Fernet.generate_key().decode()]))
    made = handoffs.hand_off(desk.ask("Swimming?"), contact="ada@example.org")
    assert isinstance(made, HandedOff)
    assert Contacts(handoffs, audit).show(made.id, by=amir) == "ada@example.org"
    entry = audit.entries(limit=1)[0]
    assert (entry.account_name, entry.action, entry.object) == ("amir", "contact.show", made.id)
    assert "ada" not in entry.detail
