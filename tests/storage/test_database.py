"""Addresses and migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import inspect, make_url, text

import bot.triage.tables  # noqa: F401 - other rooms' tables stand in the same schema
from bot.cli import main
from bot.errors import MemoryUnavailable
from bot.storage import database
from bot.storage.database import MIGRATIONS, make_engine, migrate, normalised
from bot.storage.tables import Base
from tests.structure.tree import python_files


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


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
    migrate(f"sqlite:///{tmp_path}/a/bot.sqlite3")
    assert (tmp_path / "a" / "bot.sqlite3").is_file()


def test_a_folder_that_is_nowhere_is_a_slip_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(MemoryUnavailable, match="there is no folder"):
        migrate(f"sqlite:///{tmp_path}/a/b/bot.sqlite3")
    assert not (tmp_path / "a").exists()


def test_migrating_twice_is_the_same_as_once(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    assert tables(database_url) == {*Base.metadata.tables, "alembic_version"}
    assert {"turn", "feedback", "handoff", "contact", "audit"} <= tables(database_url)


def test_who_migrates_waits_for_another_longer_than_an_answer_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_SQLITE_WAIT_S", 0.0)
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    other = make_engine(url)
    with ThreadPoolExecutor(1) as pool, other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        done = pool.submit(migrate, url)
        assert not wait([done], 0.3).done
        connection.rollback()
        assert done.result()
    other.dispose()


def test_a_schema_of_a_newer_program_is_left_as_it_is(database_url: str) -> None:
    assert migrate(database_url)
    statements(database_url, "UPDATE alembic_version SET version_num = '9999_from_tomorrow'")
    before = tables(database_url)

    assert not migrate(database_url)

    assert tables(database_url) == before
    assert statements(database_url, "SELECT version_num FROM alembic_version") == [("9999_from_tomorrow",)]


def test_after_a_rollback_the_release_says_so_and_ends_well(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.sqlite3"
    migrate(url)
    statements(url, "UPDATE alembic_version SET version_num = '9999_from_tomorrow'")

    done = CliRunner().invoke(main, ["migrate"], env={"DATABASE_URL": url})

    assert done.exit_code == 0
    assert "The schema is newer than this program" in done.output


def test_every_migration_goes_down_and_up_again(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url, revision="base")
    assert tables(database_url) == {"alembic_version"}
    migrate(database_url)
    assert "turn" in tables(database_url)


def statements(database_url: str, *texts: str) -> list[Any]:
    """The rows of the last of some statements."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        found = [connection.execute(text(one)) for one in texts][-1]
        rows = found.all() if found.returns_rows else []
    engine.dispose()
    return list(rows)


def test_every_constraint_has_a_name(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    looked = inspect(engine)
    names = [looked.get_pk_constraint(table)["name"] for table in Base.metadata.tables]
    names += [key["name"] for table in Base.metadata.tables for key in looked.get_foreign_keys(table)]
    names += [check["name"] for check in looked.get_check_constraints("feedback")]
    engine.dispose()
    found = sorted(filter(None, names))
    assert len(found) == len(names) == len(set(names))
    assert [name for name in found if not name.startswith(("ck_", "fk_", "pk_"))] == []
    assert {"ck_feedback_verdict", "fk_contact_handoff_id", "pk_turn", "pk_audit"} <= set(found)


def test_migrations_arrive_at_the_tables_the_code_expects(database_url: str) -> None:
    migrate(database_url)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_statements_are_written_with_the_typed_attributes_of_the_mapped_classes() -> None:
    untyped = [path.name for path in python_files("bot") if "metadata.tables[" in path.read_text(encoding="utf-8")]
    assert untyped == []
