"""Every fault that is known to break others is held by a test that exists."""

from __future__ import annotations

import re

import pytest

from tests.structure.test_hazards import functions_of
from tests.structure.tree import TOP

PAGE = TOP / "docs" / "security" / "known-faults.md"
LINES = [f"B{number}" for number in range(11, 17)] + ["C17", "C18", "C19"] + [f"D{number}" for number in range(20, 24)]


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if re.match(r"\| [BCD]\d", line)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]} {row[1][:30]}".replace("/", " "))
def test_a_fault_has_every_part_and_names_tests_that_exist(row: list[str]) -> None:
    assert len(row) == 5
    assert all(row)
    named = re.findall(r"`([^`]+)::([^`]+)`", row[4])
    assert named
    missing = [f"{path}::{name}" for path, name in named if name not in functions_of(TOP / path)]
    assert missing == [], "docs/security/known-faults.md names a test that is not there: name the one that holds it now"


def test_every_line_of_the_review_stands_in_the_table() -> None:
    assert sorted({row[0].strip("| ") for row in rows()}) == sorted(LINES)


def test_the_runbook_forbids_to_write_over_a_build() -> None:
    page = (TOP / "docs" / "runbooks" / "damaged-build.md").read_text(encoding="utf-8")

    assert "## Never write over a Build" in page
    assert "rsync --inplace" in page
