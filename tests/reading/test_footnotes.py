"""Footnote marks are data of a source, and no word of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.reading.chunk import passages_of
from tests.reading.corpus_files import read_one, write, write_explainer, write_interview

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import Source


def cited(source: Source) -> list[tuple[str, int]]:
    """The last words before each mark, and its number."""
    return [(source.text[: one.at].rsplit("\n", 1)[-1], one.number) for one in source.citations]


@pytest.mark.parametrize(
    ("markdown", "text", "marks"),
    [
        ("It rains.[^1] Then sun.", "It rains. Then sun.", [("It rains.", 1)]),
        ("It rains. [^1] Then sun.", "It rains. Then sun.", [("It rains.", 1)]),
        ("It rains[^1]. Sun.", "It rains. Sun.", [("It rains", 1)]),
        ("Rain.[^2][^1]", "Rain.", [("Rain.", 2), ("Rain.", 1)]),
        ("Rain.\n[^12]\nSun.", "Rain. Sun.", [("Rain.", 12)]),
        ("- Rain.[^1]\n- Sun.[^2]", "Rain.\nSun.", [("Rain.", 1), ("Sun.", 2)]),
        ("**Rain.**[^1] Sun.", "Rain. Sun.", [("Rain.", 1)]),
        ("[^1] Rain.", "Rain.", [("", 1)]),
        (
            "| Sky.[^1] | Day |\n|---|---|\n| grey | one[^2] |",
            "Sky. | Day\ngrey | one",
            [("Sky.", 1), ("grey | one", 2)],
        ),
    ],
)
def test_a_mark_leaves_the_words_as_they_are_and_says_where_it_stood(
    tmp_path: Path, markdown: str, text: str, marks: list[tuple[str, int]]
) -> None:
    source = read_one(write(tmp_path, "page.md", f"# Title\n\n{markdown}\n"))
    assert source.text == text
    assert cited(source) == marks


def test_marks_in_the_summary_are_those_of_the_text_that_begins_with_it(tmp_path: Path) -> None:
    page = '---\ntitle: T\nsummary: "It rains on 1 day in 3.[^1]"\n---\n\n## Rain [^3]\n\nMore.[^2]\n'
    source = read_one(write(tmp_path, "page.md", page))
    assert source.summary == "It rains on 1 day in 3."
    assert source.text == "It rains on 1 day in 3.\n\nMore."
    assert source.sections[-1].headings == ("Rain",)
    assert cited(source) == [("It rains on 1 day in 3.", 1), ("More.", 2)]


def test_definitions_have_no_marks_as_they_are_shown_alone(tmp_path: Path) -> None:
    terms = "key_terms:\n  - {term: Sky, definition: 'What is above.[^1]'}\n  - Cloud: Water.[^2]\n"
    source = read_one(write(tmp_path, "page.md", f"---\ntitle: T\n{terms}---\n\nWords.\n"))
    assert [term.definition for term in source.key_terms] == ["What is above.", "Water."]


def test_sentences_and_passages_point_into_the_text_without_marks(tmp_path: Path) -> None:
    page = "# T\n\n## Rain\n\nOne day in 3 has rain.[^1] Two days have none.[^2]\n\n## Sun\n\nSun is warm.[^1]\n"
    source = read_one(write(tmp_path, "page.md", page))
    sentences = [source.text[slice(*one.span)] for passage in passages_of(source) for one in passage.sentences]
    assert sentences == ["One day in 3 has rain.", "Two days have none.", "Sun is warm."]
    ends = {one.span[1] for passage in passages_of(source) for one in passage.sentences}
    assert {one.at for one in source.citations} == ends


def test_a_page_without_marks_reads_as_it_did(tmp_path: Path) -> None:
    assert read_one(write_explainer(tmp_path)).citations == ()


@pytest.mark.parametrize(
    ("name", "transcript"),
    [
        ("transcript.md", "Intro.\n\n**A parent:** Does it rain?\n\n**A nurse:** One day in 3.[^2] Not today.\n"),
        (
            "transcript.vtt",
            "WEBVTT\n\n00:00.000 --> 00:02.000\n<v A parent>Does it rain?\n\n"
            "00:02.000 --> 00:04.000\n<v A nurse>One day in 3.[^2] Not today.\n",
        ),
    ],
)
def test_what_is_said_in_a_script_has_marks_too(tmp_path: Path, name: str, transcript: str) -> None:
    source = read_one(write_interview(tmp_path, transcript, name=name))
    assert "One day in 3. Not today." in source.text
    assert cited(source) == [("One day in 3.", 2)]


@pytest.mark.parametrize(
    ("given", "dates"),
    [
        ("updated_on: 2026-11-29", ("2026-11-29", None, None)),
        ("reviewed_on: 2026-11-20\nreviewed_by: unreviewed", ("2026-11-20", None, None)),
        ("reviewed_on: 2026-11-20", ("2026-11-20", None, None)),
        ("reviewed_on: 2026-11-20\nreviewed_by: Dr. Ada Lowe", (None, "2026-11-20", "Dr. Ada Lowe")),
        ("updated_on: 2026-11-01\nreviewed_on: 2026-11-20\nreviewed_by: Ada", ("2026-11-01", "2026-11-20", "Ada")),
        ("updated_on: 2026-11-01\nreviewed_by: Ada", ("2026-11-01", None, None)),
    ],
)
def test_reviewed_means_that_somebody_named_did_it_on_a_day(
    tmp_path: Path, given: str, dates: tuple[str | None, ...]
) -> None:
    source = read_one(write(tmp_path, "page.md", f"---\ntitle: T\n{given}\n---\n\nWords.\n"))
    assert (source.updated_on, source.reviewed_on, source.reviewed_by) == dates
