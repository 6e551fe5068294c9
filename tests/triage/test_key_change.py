"""The deployment's secret is changed, and what was sealed with the one before goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp

from bot.storage.connections import Database
from bot.triage.people.accounts import AccountStore
from bot.triage.people.secondfactor import SecondFactor
from bot.triage.people.signing import SignIn
from bot.triage.resealing import Resealed, seal_again
from bot.triage.telling.courier import Courier
from bot.triage.telling.outbox import EVENTS
from bot.triage.telling.webhooks import Webhooks

from .queues import Desk
from .receivers import KEY, Telling


def test_after_a_change_of_the_secret_what_waits_is_sent_and_one_that_cannot_be_read_keeps_nobody_else_waiting(
    desk: Desk, telling: Telling
) -> None:
    lost, _ = telling.add()
    desk.ask("My daughter has stopped breathing", "referred_emergency")
    new = ["n" * 32]
    kept, _ = Webhooks(desk.database, new).add(telling.receiver.url, EVENTS[:-1], with_words=False, by=telling.by)
    desk.ask("He has stopped breathing", "referred_emergency")
    courier = Courier(desk.database, Webhooks(desk.database, new), telling.poster(), now=telling.now)
    assert courier.send_due() == 6
    assert {one.state for one in telling.webhooks.deliveries(webhook_id=kept)} == {"sent"}
    stopped = telling.webhooks.deliveries(webhook_id=lost)
    assert {(one.state, one.fault) for one in stopped} == {
        ("waiting", "the webhook's secret is sealed with another BOT_SECRET_KEY")
    }
    # As the runbook says: the old one behind the new one, and sealed again.
    assert seal_again(desk.database, new + KEY, by="tests") == Resealed(2, 0)
    assert seal_again(desk.database, new, by="tests") == Resealed(2, 0)
    telling.later = timedelta(minutes=1)
    assert courier.send_due() == 4
    assert {one.state for one in telling.webhooks.deliveries(webhook_id=lost)} == {"sent"}


def test_a_second_factor_outlives_a_change_of_the_secret(database: Database) -> None:
    now = datetime.now(UTC)
    totp = pyotp.TOTP(pyotp.random_base32())
    old, new = ["o" * 32], ["n" * 32]
    accounts, signing = AccountStore(database), SignIn(database, SecondFactor(old, "Test"), now=lambda: now)
    password = accounts.add("amir", "agent", by="tests")
    token = signing.sign_in("amir", password, "", browser="")
    who = signing.sessions.find(str(token))
    assert who is not None
    assert signing.set_second_factor(who, totp.secret, totp.at(now - timedelta(seconds=30))) is None

    def gets_in(secrets: list[str], later: int) -> bool:
        moment = now + timedelta(seconds=30 * later)
        one = SignIn(database, SecondFactor(secrets, "Test"), now=lambda: moment)
        return one.sign_in("amir", password, totp.at(moment), browser="") is not None

    assert not gets_in(new, 1)
    assert gets_in(new + old, 2)
    assert seal_again(database, new + old, by="tests") == Resealed(1, 0)
    assert gets_in(new, 3)
    assert seal_again(database, old, by="tests") == Resealed(0, 1)
