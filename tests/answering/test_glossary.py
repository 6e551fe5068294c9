"""The hard words of what is quoted, found by any of their names."""

from __future__ import annotations

from bot.answering.glossary import Glossary
from bot.records import Snippet, SnippetSource, Term
from tests.factories import source

MEDICINE = Term("Anti-seizure medicine", "A medicine taken every day.", ("AED", "epilepsy medicine"))


def snippet(text: str) -> Snippet:
    """A quotation of a text."""
    return Snippet(text, (), SnippetSource("s", "explainer", "S", None, "/s", None, None, None, (0, len(text)), ""))


def test_a_name_that_is_one_letter_without_its_ending_is_not_found_in_every_a() -> None:
    glossary = Glossary([source("s", "Text.", key_terms=(MEDICINE,))])
    assert glossary.found_in([snippet("A gene is a part of a cell.")]) == ()
    assert glossary.found_in([snippet("Give the epilepsy medicines daily.")]) == (MEDICINE,)
