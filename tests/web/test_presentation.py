"""How values look on a page."""

from __future__ import annotations

import pytest

from bot.web.presentation import clock, long_date, pieces
from bot.web.words import read_words


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00"), (59.9, "0:59"), (60.0, "1:00"), (3599.0, "59:59"), (3729.4, "1:02:09")]
)
def test_times_are_minutes_and_seconds(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_dates_are_written_out_and_other_words_stay() -> None:
    assert long_date("2026-10-01", read_words("en")) == "1 October 2026"
    assert long_date("2026-10-01", read_words("es")) == "1 de octubre de 2026"
    assert long_date("spring 2026", read_words("en")) == "spring 2026"


def test_highlights_cut_the_text_into_pieces_that_make_it_up_again() -> None:
    found = pieces("abcdef", [(0, 2), (2, 3), (5, 6)])
    assert found == [("ab", True), ("c", True), ("de", False), ("f", True)]
    assert pieces("abc", []) == [("abc", False)]
