"""Scripts in captions and transcripts go; one that does not end costs no more than its length."""

from __future__ import annotations

import time

import pytest

from bot.reading.rawmarkup import without_code

MOST_S = 2.0  # It takes a hundredth of that; looking for each end anew took minutes.


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("a<script>x()</script>b", "a b"),
        ("a<SCRIPT src='x'>\n</ScRiPt >b", "a b"),
        ("a<style>p{}</style><noscript>no</noscript>b", "a  b"),
        ("a<script>x", "a<script>x"),
        ("a<script>x<style>p{}</style>b", "a<script>x b"),
        ("a<scripts>b</scripts>", "a<scripts>b</scripts>"),
        ("a<script>'</style>'</script>b", "a b"),
    ],
)
def test_code_goes_and_words_stay(markup: str, kept: str) -> None:
    assert without_code(markup) == kept


@pytest.mark.parametrize(
    "piece", ["<script>", "<script", "<style>x", "</script   ", "<noscript a='", "<script></script"]
)
def test_code_without_an_end_costs_no_more_than_its_length(piece: str) -> None:
    markup = piece * (400_000 // len(piece))
    begun = time.process_time()

    without_code(markup)

    assert time.process_time() - begun < MOST_S
