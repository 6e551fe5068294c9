"""How values look on a page."""

from __future__ import annotations

from typing import Any

import pytest

from bot.web.dating import long_date, looked_at
from bot.web.presentation import clock, pieces
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


@pytest.mark.parametrize(
    ("given", "english", "spanish"),
    [
        (
            ("2026-11-29", None, None),
            "Text updated 29 November 2026, not yet reviewed by a clinician",
            "Texto actualizado el 29 de noviembre de 2026, todavía no revisado por personal clínico",
        ),
        (
            ("2026-11-01", "2026-11-29", "Ada Lowe"),
            "Reviewed by Ada Lowe on 29 November 2026",
            "Revisado por Ada Lowe el 29 de noviembre de 2026",
        ),
        (
            ("2026-11-01", "2026-11-29", "Ada Lowe", True),
            "Reviewed by Ada Lowe on 29 November 2026, changed since it was reviewed",
            "Revisado por Ada Lowe el 29 de noviembre de 2026, modificado después de la revisión",
        ),
        # As it was kept before a review had to name somebody.
        (
            (None, "2026-11-29", None),
            "Text updated 29 November 2026, not yet reviewed by a clinician",
            "Texto actualizado el 29 de noviembre de 2026, todavía no revisado por personal clínico",
        ),
        ((None, None, "Ada Lowe"), None, None),
    ],
)
def test_it_is_said_who_reviewed_a_text_or_that_nobody_did(
    given: tuple[Any, ...], english: str | None, spanish: str | None
) -> None:
    assert (looked_at(read_words("en"), *given), looked_at(read_words("es"), *given)) == (english, spanish)
