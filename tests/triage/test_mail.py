"""Replies and digests by e-mail, to a real mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography.fernet import Fernet

from bot.storage.handoff import HandoffStore
from bot.storage.secrecy import Sealer
from bot.triage.curating.curating import Curating
from bot.triage.curating.draft import Draft as AnswerDraft
from bot.triage.replying.replies import Draft, Replies
from bot.triage.telling.courier import Courier
from bot.triage.telling.digest import digest_text
from bot.triage.telling.mailing import MailServer, ReplyMail
from bot.triage.telling.outbox import MailOutbox
from bot.triage.telling.posting import NotSent, Poster
from bot.triage.telling.webhooks import Webhooks
from bot.triage.tickets.changing import Seen

from .queues import Desk


class Mailbox:
    """Takes mail in, unless it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuses:
            return "451 Try again later"
        content = envelope.original_content or b""
        self.taken.append((envelope.rcpt_tos, message_from_bytes(content, policy=policy.default)))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def a_reply(desk: Desk, handoffs: HandoffStore, contact: str | None) -> None:
    desk.memory._handoffs = handoffs
    turn = desk.ask("Swimming?")
    handoffs.hand_off(turn, contact=contact)
    desk.intake.take(turn)
    (row,) = desk.rows()
    draft = Draft("Please ring us.\n.\nSoon — très bientôt.", "Sam, the team", then="resolved")
    assert Replies(desk.database, MailOutbox(timedelta())).send(Seen(row.id, row.version), draft, by=desk.person()) == 1


def a_courier(desk: Desk, handoffs: HandoffStore, url: str) -> Courier:
    server = MailServer(url, "Answers <answers@example.org>")
    mail = ReplyMail(desk.database, handoffs, server, "Test Answers", "https://answers.example.org")
    return Courier(desk.database, Webhooks(desk.database, ["k" * 32]), Poster(), mail)


@pytest.fixture
def handoffs(desk: Desk) -> HandoffStore:
    return HandoffStore(desk.database, Sealer([Fernet.generate_key().decode()]))


def test_a_family_that_left_an_address_gets_the_reply_and_not_its_question(
    desk: Desk, handoffs: HandoffStore, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    a_reply(desk, handoffs, "ada@example.org")
    assert a_courier(desk, handoffs, url).send_due() == 1
    ((to, message),) = box.taken
    assert to == ["ada@example.org"]
    assert message["Subject"] == "A reply from Test Answers"
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("Please ring us.\n.\nSoon — très bientôt.\n\nSam, the team")
    assert "https://answers.example.org/comeback" in text
    assert "Swimming" not in message.as_string()


@pytest.mark.parametrize("contact", [None, "+1 415 555 0199"])
def test_who_left_no_address_gets_no_mail(
    desk: Desk, handoffs: HandoffStore, mailbox: tuple[Mailbox, str], contact: str | None
) -> None:
    box, url = mailbox
    a_reply(desk, handoffs, contact)
    a_courier(desk, handoffs, url).send_due()
    assert box.taken == []
    assert Webhooks(desk.database, ["k" * 32]).deliveries()[0].state == "sent"


def test_mail_that_is_refused_is_tried_again_and_no_address_is_written_down(
    desk: Desk, handoffs: HandoffStore, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    box.refuses = True
    a_reply(desk, handoffs, "ada@example.org")
    a_courier(desk, handoffs, url).send_due()
    (delivery,) = Webhooks(desk.database, ["k" * 32]).deliveries()
    assert (delivery.state, delivery.fault) == ("waiting", "the mail server: SMTPDataError")


@pytest.mark.parametrize(
    ("left", "spelt"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"),
        ("ada@пример.example", "ada@xn--e1afmkfd.example"),
        ("ada@example.org", "ada@example.org"),
    ],
)
def test_a_domain_of_any_letters_is_spelt_as_mail_servers_know_it(
    mailbox: tuple[Mailbox, str], left: str, spelt: str
) -> None:
    box, url = mailbox
    MailServer(url, "Answers <answers@bücher.example>").send(left, "Hello", "Text")
    ((to, message),) = box.taken
    assert (to, message["To"]) == ([spelt], spelt)
    assert message["From"] == "Answers <answers@xn--bcher-kva.example>"


@pytest.mark.parametrize("left", ["ada@ü..example", "ada@-ü-.example", "ada@" + "ü" * 70])
def test_a_domain_that_is_none_is_not_sent_to(mailbox: tuple[Mailbox, str], left: str) -> None:
    box, url = mailbox
    with pytest.raises(NotSent):
        MailServer(url, "answers@example.org").send(left, "Hello", "Text")
    assert box.taken == []


def test_nothing_is_added_to_the_headers_of_a_mail(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    with pytest.raises(NotSent):
        MailServer(url, "answers@example.org").send("ada@example.org\nBcc: eve@example.org", "Hello", "Text")
    assert box.taken == []


def test_a_digest_counts_what_waits_and_what_was_asked_without_a_word_of_it(desk: Desk) -> None:
    asked_most = [desk.ask("Swimming with a feeding tube?") for _ in range(3)]
    desk.vote_down(asked_most[0])
    desk.ask("My daughter has stopped breathing", "referred_emergency")
    desk.keep("What is a gene?", "answered", confidence=0.9)
    desk.keep("hello", "smalltalk_greeting")
    desk.keep("Last week?", "answered", asked_at=datetime.now(UTC) - timedelta(days=3))
    text = digest_text(desk.database, datetime.now(UTC), base_url="https://answers.example.org")
    assert text.startswith("Waiting: 2 tickets, 0 of them overdue.\n  urgent: 1\n")
    assert "In the last day: 5 questions.\n  answered: 1\n  voted down: 1\n  new tickets: 2\n" in text
    (swimming,) = (row.id for row in desk.rows() if row.askings == 3)
    assert f"Asked most without an answer:\n  3 times: https://answers.example.org/staff/tickets/{swimming}\n" in text
    assert "Swimming" not in text
    assert "In the last 7 days: 6 questions." in digest_text(desk.database, datetime.now(UTC), days=7)


def test_a_digest_says_what_is_to_be_approved_and_nothing_of_what_there_is_none(desk: Desk) -> None:
    quiet = digest_text(desk.database, datetime.now(UTC))
    assert "approve" not in quiet
    assert "longest" not in quiet
    curating = Curating(desk.database)
    curating.begin(AnswerDraft(wordings=("May he swim?",), text="Yes.", author="The team"), by=desk.person())
    assert digest_text(desk.database, datetime.now(UTC)).endswith("1 answer to approve: /staff/curated\n")
