"""``python -m bot purge``: what is old goes, and the command says how much. On SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.storage.connections import Database
from bot.storage.feedback import FeedbackStore, Vote
from bot.storage.memory import TurnStore
from tests.storage.stores import TOKEN, a_database, a_turn, counts, rows

# Long enough for the command to run between two turns.
MARGIN = timedelta(minutes=5)


def purge(database_url: str, *arguments: str, days: str = "") -> Result:
    environment = {"DATABASE_URL": database_url, "BOT_RETENTION_DAYS": days}
    return CliRunner().invoke(main, ["purge", *arguments], env=environment)


def turns_around(database: Database, *days: int) -> None:
    """For each age a turn a little older and one a little younger, all of one conversation."""
    store = TurnStore(database)
    for age in days:
        for name, by in (("older", MARGIN), ("younger", -MARGIN)):
            asked_at = datetime.now(UTC) - timedelta(days=age) - by
            store.record(a_turn(id=f"{age}-{name}", asked_at=asked_at))


def left(database_url: str) -> list[str]:
    return [row["id"] for row in rows(database_url, "turn")]


def test_what_is_older_than_thirty_days_goes_and_what_is_younger_stays(database_url: str) -> None:
    database = a_database(database_url)
    turns_around(database, 30)
    for age in ("older", "younger"):
        FeedbackStore(database).vote(Vote(f"30-{age}", "up"), token=TOKEN)
    database.close()
    result = purge(database_url)
    assert (result.exit_code, result.stdout.split()[0]) == (0, "1"), result.output
    assert left(database_url) == ["30-younger"]
    assert counts(database_url)["feedback"] == 1


def test_the_age_is_a_setting_and_an_option_goes_before_it(database_url: str) -> None:
    database = a_database(database_url)
    turns_around(database, 7, 30, 90)
    database.close()
    assert json.loads(purge(database_url, "--json", days="90").stdout)["removed"] == 1
    assert "90-younger" in left(database_url)
    said = json.loads(purge(database_url, "--json", "--older-than", "7", days="90").stdout)
    assert said["removed"] == 4
    assert datetime.fromisoformat(said["before"]).tzinfo is not None
    assert left(database_url) == ["7-younger"]


def test_everything_goes_when_nothing_is_young_enough(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    database = a_database(url)
    TurnStore(database).record(a_turn(asked_at=datetime.now(UTC)))
    database.close()
    assert purge(url, "--older-than", "0").stdout.startswith("1 turns")
    assert purge(url, "--older-than", "0").stdout.startswith("0 turns")


@pytest.mark.parametrize("days", ["-1", "many", "1.5", "99999"])
def test_an_age_that_makes_no_sense_is_wrong_usage(tmp_path: Path, days: str) -> None:
    assert purge(f"sqlite:///{tmp_path}/bot.sqlite3", "--older-than", days).exit_code == 2


def test_a_database_without_tables_is_said_and_nothing_is_removed(tmp_path: Path) -> None:
    result = purge(f"sqlite:///{tmp_path}/bot.sqlite3")
    assert result.exit_code == 1
    assert "python -m bot migrate" in result.stderr
