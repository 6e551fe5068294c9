"""Staff are mailed when somebody may be in danger, with a link and without a word of theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import SettingsError
from bot.settings import read_environment
from bot.storage.tables import Base
from bot.triage.telling.courier import Courier
from bot.triage.telling.mailing import UrgentMail
from bot.triage.telling.posting import Poster
from bot.triage.telling.webhooks import Webhooks
from bot.triage.tickets.gists import Gists
from bot.triage.tickets.intake import Intake

from .queues import Desk, first_word

_DELIVERY = Base.metadata.tables["delivery"]


class Server:
    """A mail server that keeps what it is handed."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str) -> None:
        self.taken.append((to, subject, text))


def courier_of(desk: Desk, server: Server, *, behind: timedelta = timedelta()) -> Courier:
    webhooks, alarm = Webhooks(desk.database, ["k" * 32]), UrgentMail(server, "Test Answers", "https://x.example")  # type: ignore[arg-type]
    now = lambda: datetime.now(UTC) - behind  # noqa: E731
    return Courier(desk.database, webhooks, Poster(frozenset()), alarm=alarm, now=now)


def test_an_alarm_does_not_wait_until_a_clock_that_was_put_back_is_there_again(desk: Desk) -> None:
    intake = Intake(desk.database, Gists(), first_word, mail_urgent_to=["a@example.org"])
    intake.take(desk.keep("I cannot breathe", "referred_emergency"))
    server = Server()
    assert courier_of(desk, server, behind=timedelta(hours=1)).send_due() == 1
    assert len(server.taken) == 1


def test_each_address_gets_one_mail_for_an_urgent_ticket_and_none_for_another(desk: Desk) -> None:
    intake = Intake(desk.database, Gists(), first_word, mail_urgent_to=["a@example.org", "b@example.org"])
    for question, status in [("I cannot breathe", "referred_emergency"), ("zebra?", "unanswered_no_match")]:
        intake.take(desk.keep(question, status))
    server = Server()
    courier = courier_of(desk, server)
    assert courier.send_due() == 2
    assert courier.send_due() == 0
    (row,) = desk.rows(priority=0)
    assert [to for to, _, _ in server.taken] == ["a@example.org", "b@example.org"]
    assert all(f"https://x.example/staff/tickets/{row.id}" in text for _, _, text in server.taken)
    assert "breathe" not in str(server.taken)
    with desk.database.statement() as connection:
        assert set(connection.execute(select(_DELIVERY.c.body)).scalars()) == {""}


@pytest.mark.parametrize("value", ["nobody", "a@example.org"])
def test_addresses_without_a_server_or_that_are_none_stop_the_start(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"BOT_URGENT_TO": value}
    if value == "nobody":
        given |= {"BOT_SMTP_URL": "smtp://x", "BOT_MAIL_FROM": "a@b"}
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match="BOT_URGENT_TO"):
        read_environment()
