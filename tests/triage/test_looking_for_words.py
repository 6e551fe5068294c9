"""Staff find a question by its words, however either of the two was typed, on both databases."""

from __future__ import annotations

import unicodedata

from tests.triage.queues import Desk

ASKED = [
    "Ça marche comment, la thérapie génique?",
    "İSTANBUL has which hospital for gene therapy?",
    "Straße: where is the clinic?",
    "Анастасия asks: что такое ген?",
    "Ｇｅｎｅ therapy in full width?",
    "Is it 100% safe, and what is a snake_case_name?",
    "Hope 🙏🏽 and ❤️ for our son?",
    "Ελλάδα: is it there?",
    unicodedata.normalize("NFD", "Naïve twins at the café?"),
    "遺伝子治療 is what?",
]


# What staff type, and the number of the question that they mean.
SOUGHT = [
    ("Ça marche", 0),
    ("ça MARCHE", 0),
    ("ÇA marche", 0),
    ("ca marche", 0),
    ("therapie GÉNIQUE", 0),
    ("génique", 0),
    ("İSTANBUL", 1),
    ("istanbul", 1),
    ("Istanbul", 1),
    ("İstanbul", 1),
    ("straße", 2),
    ("Straße", 2),
    ("STRAßE", 2),
    ("анастасия", 3),
    ("АНАСТАСИЯ", 3),
    ("Анастасия", 3),
    ("full gene", 4),
    ("ｇｅｎｅ full", 4),
    ("100%", 5),
    ("snake_case", 5),
    ("%", 5),
    ("_", 5),
    ("🙏🏽", 6),
    ("🙏", 6),
    ("❤️", 6),
    ("❤", 6),
    ("ελλάδα", 7),
    ("Ελλάδα", 7),
    ("naïve", 8),
    ("NAIVE", 8),
    ("café", 8),
    ("cafe", 8),
    (unicodedata.normalize("NFD", "café"), 8),
    ("遺伝子", 9),
]


def test_a_question_is_found_by_its_words_however_they_are_typed(desk: Desk) -> None:
    for number, question in enumerate(ASKED):
        desk.ask(f"q{number} {question}")

    found = [(typed, [row.words for row in desk.rows(words=typed)]) for typed, _ in SOUGHT]

    assert found == [(typed, [f"q{place} {ASKED[place]}"]) for typed, place in SOUGHT]


def test_words_that_nobody_wrote_are_not_found(desk: Desk) -> None:
    desk.ask("Is it 100 percent safe?")

    assert [desk.rows(words=typed) for typed in ("%", "100_", "🙏", "ça")] == [[], [], [], []]
