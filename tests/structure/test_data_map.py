"""The data map tells every table and every column that the database has, and when what families left goes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Table, Text, inspect

import bot.triage.tables  # noqa: F401 - with it, all tables are known
from bot.storage.database import make_engine, migrate
from bot.storage.tables import Base
from tests.structure.tables import rows_under
from tests.structure.tree import TOP

PAGE = TOP / "docs" / "data-map.md"
TABLES = {row["table"].strip("`"): row for row in rows_under("Tables", PAGE)}
WORDS = {row["column"].strip("`") for row in rows_under("Words that a person typed", PAGE)}
OF_WHOM = {"families", "staff", "partners", "families and staff", "nobody"}


def columns_told(table: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", TABLES[table]["columns"]))


def typed_by_nobody() -> set[str]:
    section = PAGE.read_text(encoding="utf-8").split("## Text and bytes that nobody typed")[1].split("## ")[0]
    return set(re.findall(r"`(\w+\.\w+)`", section))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The columns by table of a database as migrations leave it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('mapped') / 'bot.sqlite3'}"
    migrate(url)
    engine = make_engine(url)
    found = inspect(engine)
    columns = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
    engine.dispose()
    return columns


def test_every_table_of_a_migrated_database_is_told_and_no_other(migrated: dict[str, set[str]]) -> None:
    assert set(TABLES) == migrated.keys() - {"alembic_version"}, "tell the table in docs/data-map.md"


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_told_and_no_other(table: str, migrated: dict[str, set[str]]) -> None:
    assert columns_told(table) == migrated[table], f"tell the columns of {table} in docs/data-map.md"


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_of_whom_it_is_why_until_when_and_who_reads_it(table: str) -> None:
    assert all(TABLES[table].values())
    assert TABLES[table]["of whom"] in OF_WHOM


def test_every_text_is_said_to_be_somebodys_words_or_nobodys() -> None:
    held = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text | LargeBinary)
    }
    assert WORDS & typed_by_nobody() == set()
    assert held - WORDS - typed_by_nobody() == set(), "say in docs/data-map.md who typed it, or that nobody did"
    assert (WORDS | typed_by_nobody()) - held == set()


def goes_with(table: Table) -> set[str]:
    """The tables whose rows take those of this one along."""
    above = [key for key in table.foreign_keys if key.ondelete == "CASCADE"]
    return {key.column.table.name for key in above}.union(*(goes_with(key.column.table) for key in above))


@pytest.mark.parametrize(
    "table", [name for name, row in TABLES.items() if row["until when"].split(",")[0] == "with its turn"]
)
def test_what_is_said_to_go_with_its_turn_does(table: str) -> None:
    assert "turn" in goes_with(Base.metadata.tables[table])


@pytest.mark.parametrize("row", rows_under("Outside the database", PAGE), ids=lambda row: row["where"])
def test_what_is_outside_is_held_by_a_test_that_exists(row: dict[str, str]) -> None:
    (named,) = re.findall(r"`(tests/[\w/]+\.py)`", row["held by"])
    assert Path(TOP / named).is_file()
