"""The form of a source since reviews have to be named and figures have to name their references."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.editing.written import body, corpus, found, script, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"updated_on": None}, "there is no day of the last change"),
        (
            {"updated_on": None, "reviewed_on": "2026-11-20", "reviewed_by": "unreviewed"},
            "reviewed_by is 'unreviewed', which is nobody",
        ),
        ({"reviewed_by": "unreviewed"}, "reviewed_by is 'unreviewed', which is nobody"),
        ({"reviewed_on": "2026-11-20"}, "reviewed_on is there, and nobody is named"),
        ({"reviewed_by": "Dr. Ada Lowe"}, "Dr. Ada Lowe has reviewed it on no day"),
    ],
)
def test_a_text_has_a_day_and_a_review_has_a_name_and_a_day(
    tmp_path: Path, given: dict[str, object], fault: str
) -> None:
    assert told(corpus(tmp_path, **given)) == [f"error: {fault}"]


def test_a_named_review_with_its_day_stands_for_the_day_of_the_last_change(tmp_path: Path) -> None:
    here = corpus(tmp_path, updated_on=None, reviewed_on="2026-11-20", reviewed_by="Dr. Ada Lowe")
    assert told(here) == ["warning: nobody wrote down which text Dr. Ada Lowe reviewed"]


def test_the_old_form_says_what_to_do_by_its_line(tmp_path: Path) -> None:
    (fault,) = found(corpus(tmp_path, updated_on=None, reviewed_on="2026-11-20", reviewed_by="unreviewed"))
    assert fault.cure == "Write that day as `updated_on:`, and take out reviewed_on and reviewed_by."
    assert fault.line > 1


@pytest.mark.parametrize(
    "given",
    [
        {"updated_on": "2027-01-01"},
        {"references": [{"title": "A", "publisher": "B", "url": "https://b.org/a", "seen_on": "2027-01-01"}] * 1},
    ],
)
def test_no_day_has_not_come_yet(tmp_path: Path, given: dict[str, object]) -> None:
    (fault,) = told(corpus(tmp_path, **given), rule="dates")
    assert fault.endswith("is 2027-01-01, which has not come yet")


@pytest.mark.parametrize(
    ("mark", "fault"),
    [
        ("[^9]", "[^9] points to no reference, as there are"),
        ("[^0]", "[^0] points to no reference, as there are"),
        ("[^a]", "[^a] is no footnote mark"),
        ("[^ 1]", "[^ 1] is no footnote mark"),
        ("[^1", "[^1 is no footnote mark"),
    ],
)
def test_a_mark_that_leads_nowhere_is_an_error_by_its_line(tmp_path: Path, mark: str, fault: str) -> None:
    text = body().replace("that is here.", f"that is here.{mark}", 1)
    (one,) = found(corpus(tmp_path, text), rule="footnotes")
    assert one.found.startswith(fault)
    assert one.severity == "error"
    lines = (tmp_path / "explainers" / "clouds.md").read_text(encoding="utf-8").split("\n")
    assert mark in lines[one.line - 1]


def test_a_mark_in_a_heading_or_in_a_field_is_seen_by_nobody(tmp_path: Path) -> None:
    text = body().replace("## Why it matters", "## Why it matters[^1]", 1)
    faults = told(corpus(tmp_path, text, questions=["Why?[^1]"]), rule="footnotes")
    assert faults == ["error: questions has the mark [^1]", "error: the mark [^1] stands in a heading"]


def test_good_marks_are_no_fault_in_the_text_the_summary_and_a_script(tmp_path: Path) -> None:
    text = body().replace("that is here.", "that is here.[^1][^2]", 3)
    assert told(corpus(tmp_path, text, summary="A cloud is a thing to look at.[^2]"), rule="footnotes") == []
    cue = "00:00:00.000 --> 00:00:03.000\n<v A parent>It is so.[^1] And so.[^7]\n"
    assert told(script(tmp_path / "more", cue), rule="footnotes") == [
        "error: [^7] points to no reference, as there are 3"
    ]
