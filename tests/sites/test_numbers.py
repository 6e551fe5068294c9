"""A partner's numbers are counted by week and by site, and hold no text."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.sites.numbers import weekly_numbers
from bot.storage.feedback import FeedbackStore, Vote
from bot.storage.memory import TurnStore
from tests.storage.stores import TOKEN, a_database, a_turn

MONDAY = date(2026, 10, 5)
NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)
STATUSES = ["answered", "answered", "answered", "unanswered_no_match", "referred_emergency", "smalltalk_greeting"]


def test_numbers_are_of_one_site_and_one_week(database_url: str) -> None:
    database = a_database(database_url)
    turns, votes = TurnStore(database), FeedbackStore(database)
    for number, status in enumerate(STATUSES):
        turns.record(a_turn(number, site="site_a", status=status, asked_at=NOON))
        turns.record(a_turn(100 + number, site=None, status="answered", asked_at=NOON))
    turns.record(a_turn(200, site="site_b", asked_at=NOON))
    turns.record(a_turn(201, site="site_a", asked_at=NOON - timedelta(weeks=1)))
    for number, verdict in ((0, "up"), (1, "down"), (2, "up")):
        votes.vote(Vote(f"turn-{number}", verdict), token=TOKEN, site="site_a")  # type: ignore[arg-type]
    newest, before, empty = weekly_numbers(database, "site_a", weeks=3, today=NOON.date())
    assert (newest.monday, newest.questions, newest.answered, newest.referred) == (MONDAY, 5, 3, 1)
    assert (newest.votes, newest.helpful) == (3, 2)
    assert newest.answered_share == pytest.approx(0.6)
    assert newest.helpful_share == pytest.approx(2 / 3)
    assert (before.monday, before.questions) == (MONDAY - timedelta(weeks=1), 1)
    assert (empty.questions, empty.answered_share, empty.helpful_share) == (0, None, None)
    assert weekly_numbers(database, None, weeks=1, today=NOON.date())[0].questions == len(STATUSES)
    assert all(not isinstance(value, str) for value in asdict(newest).values())
    database.close()


def test_a_week_begins_on_monday_at_midnight(database_url: str) -> None:
    database = a_database(database_url)
    midnight = datetime(2026, 10, 5, tzinfo=UTC)
    for number, moment in enumerate((midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=7))):
        TurnStore(database).record(a_turn(number, asked_at=moment))
    weeks = weekly_numbers(database, None, weeks=2, today=date(2026, 10, 11))
    assert [week.questions for week in weeks] == [1, 1]
    database.close()
