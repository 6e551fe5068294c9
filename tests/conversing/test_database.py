"""Addresses and migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url

from bot.conversing.database import MIGRATIONS, make_engine, migrate, normalised
from bot.conversing.turn import Base


def tables(database_url: str) -> set[str]:
    engine = make_engine(database_url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@db/bot", "postgresql+psycopg"),
        ("postgresql://u:p@db/bot?sslmode=require", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@db/bot", "postgresql+psycopg"),
        ("sqlite:///var/bot.sqlite3", "sqlite"),
    ],
)
def test_addresses_as_platforms_write_them_get_our_driver(given: str, driver: str) -> None:
    found = normalised(given)
    assert found.drivername == driver
    assert found.database == make_url(given).database
    assert found.query == make_url(given).query


def test_a_password_with_odd_letters_survives() -> None:
    assert normalised("postgres://u:p%40ss%25@db/bot").password == "p@ss%"


def test_the_folder_of_the_database_file_is_made(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/a/b/bot.sqlite3")
    assert (tmp_path / "a" / "b" / "bot.sqlite3").is_file()


def test_migrating_twice_is_the_same_as_once(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    assert tables(database_url) == {"turn", "alembic_version"}


def test_every_migration_goes_down_and_up_again(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url, revision="base")
    assert tables(database_url) == {"alembic_version"}
    migrate(database_url)
    assert "turn" in tables(database_url)


def test_migrations_arrive_at_the_tables_the_code_expects(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
