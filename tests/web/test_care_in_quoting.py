"""What a family is spared until it wants it, and what it is told about old sources; no word is changed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.web.dating import is_outdated
from bot.web.sensitive import sensitive_topic

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Life expectancy is not well known.", "life_expectancy"),
        ("It is a life-limiting condition.", "life_expectancy"),
        ("Nobody can say how long a child will live.", "life_expectancy"),
        ("Half of them survive to the age of ten years.", "life_expectancy"),
        ("Some children died in the first year.", "death"),
        ("SUDEP is a sudden death in epilepsy.", "death"),
        ("Palliative care is not only for the end.", "death"),
    ],
)
def test_what_is_about_life_expectancy_or_death_opens_after_a_tap(text: str, topic: str) -> None:
    assert sensitive_topic(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "A ketogenic diet is a treatment.",
        "Families live with uncertainty.",
        "The studied gene is on chromosome 22.",
        "A diesel engine.",
        "Cell death is normal when tissue renews itself, and nerve cells die too.",
        "Daily life with a condition.",
    ],
)
def test_other_words_are_shown_at_once(text: str) -> None:
    assert sensitive_topic(text) is None


@pytest.mark.parametrize(
    ("reviewed_on", "outdated"),
    [("2025-11-23", False), ("2025-11-22", True), ("2026-11-23", False), (None, False), ("spring", False)],
)
def test_a_review_holds_for_a_year(reviewed_on: str | None, outdated: bool) -> None:
    assert is_outdated(reviewed_on, TODAY) is outdated
