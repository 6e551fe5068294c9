"""The table of the security standard has every requirement of level 2, and names what is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.structure.tables import rows_of
from tests.structure.tree import TOP

PAGE = TOP / "docs" / "security" / "asvs.md"
# The requirements of levels 1 and 2 by section, as version 5.0.0 numbers them; those of level 3 are what is left out.
REQUIREMENTS = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2", "2.1": "1-3", "2.2": "1-3", "2.3": "1-4",
    "2.4": "1", "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2", "4.1": "1-3", "4.2": "1",
    "4.3": "1-2", "4.4": "1-4", "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3", "6.1": "1-3", "6.2": "1-12",
    "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4", "7.1": "1-3", "7.2": "1-4", "7.3": "1-2",
    "7.4": "1-5", "7.5": "1-2", "7.6": "1-2", "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1", "9.1": "1-3",
    "9.2": "1-4", "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2",
    "10.7": "1-3", "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1", "12.1": "1-3",
    "12.2": "1-2", "12.3": "1-4", "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5", "14.1": "1-2",
    "14.2": "1-4", "14.3": "1-3", "15.1": "1-3", "15.2": "1-3", "15.3": "1-7", "16.1": "1", "16.2": "1-5",
    "16.3": "1-4", "16.4": "1-3", "16.5": "1-3", "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip
STATES = {"met", "not met", "not applicable"}
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = {row["id"]: row for chapter in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:] for row in rows_of(chapter)}


def required() -> list[str]:
    found = list[str]()
    for section, numbers in REQUIREMENTS.items():
        first, _, last = numbers.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def evidence_of(row: dict[str, str]) -> list[str]:
    """The files, tests and pages that a row names."""
    told = row["shown by, or why not"]
    files = re.findall(
        r"`((?:bot|tests|bench|docs|deploy)/[\w./-]+(?:::\w+)?|[\w-]+(?:\.conf)?\.(?:py|toml|txt))`", told
    )
    return files + [f"docs/security/{link}" for link in re.findall(r"\]\(([^)#]+)\)", told)]


def test_every_requirement_of_level_two_is_there_and_no_other() -> None:
    assert list(ROWS) == required()


def test_the_numbers_at_the_top_are_those_of_the_table() -> None:
    states = Counter(row["state"] for row in ROWS.values())
    told = (
        f"Of {len(ROWS)}: {states['met']} met, {states['not met']} not met, {states['not applicable']} not applicable."
    )
    assert told in TEXT


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_requirement_has_a_state_and_what_shows_it_or_why_not(row: dict[str, str]) -> None:
    assert row["state"] in STATES
    assert row["level"] in {"1", "2"}
    assert row["asks for"]
    assert evidence_of(row) if row["state"] == "met" else row["shown by, or why not"]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_what_a_requirement_names_exists(row: dict[str, str]) -> None:
    for named in evidence_of(row):
        path, _, test = named.partition("::")
        assert (TOP / path).exists(), f"{path} is not there: name what shows it now"
        assert not test or test in functions_of(TOP / path), f"{path} has no {test}: name the test that shows it now"
