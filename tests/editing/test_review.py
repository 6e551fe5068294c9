"""A clinician's review: the sheet to sign, what is written down of it, and what is said of a text changed after it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.reading.corpus import read_corpus
from bot.reading.reviewing import changed_since_review
from tests.editing.written import body, corpus, script, told

BY = ("--by", "Dr. Ada Lowe: MD", "--on", "2026-11-22")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Three explainers; the one about clouds has a figure, a footnote and questions."""
    text = body().replace("that is here.", "that is here. One in 3 clouds rains. Rain is wet.[^2]", 1)
    corpus(tmp_path, text, questions=["What is a cloud?"])
    (tmp_path / "questions").mkdir()
    lines = (
        '{"text": "does it rain", "section": null, "quotes": ["Rain is wet."]}',
        '{"text": "does it snow", "section": null, "quotes": []}',
        '{"text": "is it lost", "section": null, "quotes": ["Nobody wrote this."]}',
    )
    (tmp_path / "questions" / "clouds.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def page(corpus: Path) -> Path:
    return corpus / "explainers" / "clouds.md"


def is_changed(corpus: Path) -> bool:
    """Whether the explainer about clouds says something else than what was reviewed."""
    (source,) = (one for one in read_corpus([corpus], questions=False) if one.id == "clouds")
    return changed_since_review(source)


def test_the_sheet_numbers_every_sentence_and_names_references_questions_and_where_to_sign(here: Path) -> None:
    ran = run("review-sheet", "clouds", "--corpus", here)
    assert ran.exit_code == 0
    sheet = ran.stdout
    (source,) = (one for one in read_corpus([here], questions=False) if one.id == "clouds")
    numbered = re.findall(r"^\*\*(\d+)\*\* (.*)$", sheet, re.MULTILINE)
    assert [number for number, _ in numbered] == [str(number) for number in range(1, len(numbered) + 1)]
    assert all(re.sub(r"( \[[\d, ]+\])?( \*\*No reference\*\*)?$", "", said) in source.text for _, said in numbered)
    said = dict(numbered)
    (figure,) = (number for number, sentence in said.items() if "One in 3" in sentence)
    assert said[figure] == "One in 3 clouds rains. **No reference**"
    wet = str(int(figure) + 1)
    assert said[wet] == "Rain is wet. [2]"
    assert f"- does it rain → {wet}" in sheet
    assert "## Questions that it does not answer\n\n- does it snow" in sheet
    assert "2. More clouds, A body: <https://doi.org/10.1000/cloud>" in sheet
    assert "Signature: ____" in sheet
    assert "1 lines of its questions are left out" in ran.stderr


def test_the_sheet_of_a_talk_says_who_speaks(tmp_path: Path) -> None:
    cue = "00:00:00.000 --> 00:00:03.000\n<v A parent>Does it rain?\n"
    assert (
        "*A parent:*\n\n**1** Does it rain?" in run("review-sheet", "moons", "--corpus", script(tmp_path, cue)).stdout
    )


def test_a_review_is_written_down_and_every_other_line_stays_as_it_is(here: Path) -> None:
    before = page(here).read_bytes()
    ran = run("review", "clouds", *BY, "--corpus", here)
    assert (ran.exit_code, ran.stdout) == (0, f"{page(here)}\n")
    after = page(here).read_bytes()
    added = [line for line in after.split(b"\n") if line not in before.split(b"\n")]
    assert [line.split(b":")[0] for line in added] == [b"reviewed_on", b"reviewed_by", b"reviewed_sha256"]
    assert b"\n".join(line for line in after.split(b"\n") if line not in added) == before
    assert told(here, rule="review") == []
    assert not is_changed(here)


def test_a_later_review_takes_the_place_of_the_first(here: Path) -> None:
    run("review", "clouds", *BY, "--corpus", here)
    run("review", "clouds", "--by", "Dr. Bo Lin", "--on", "2026-11-23", "--corpus", here)
    text = page(here).read_text(encoding="utf-8")
    assert text.count("reviewed_by:") == text.count("reviewed_sha256:") == 1
    assert 'reviewed_by: "Dr. Bo Lin"' in text


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_as_they_did(here: Path, end: bytes) -> None:
    page(here).write_bytes(page(here).read_bytes().replace(b"\n", end))
    assert run("review", "clouds", *BY, "--corpus", here).exit_code == 0
    written = page(here).read_bytes()
    assert written.count(b"\n") == written.count(end)


def test_a_review_in_a_file_of_the_old_form_keeps_the_day_of_the_last_change(here: Path) -> None:
    old = page(here).read_text(encoding="utf-8")
    page(here).write_text(
        old.replace("updated_on: '2026-11-20'", "reviewed_on: 2026-11-20\nreviewed_by: unreviewed"), encoding="utf-8"
    )
    assert run("review", "clouds", *BY, "--corpus", here).exit_code == 0
    text = page(here).read_text(encoding="utf-8")
    assert "updated_on: 2026-11-20\n" in text
    assert "reviewed_on: 2026-11-22\n" in text
    assert told(here, rule="review") == []


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("Rain is wet.[^2]", "Rain is dry.[^2]", True),
        ("A cloud edge is small.", "A cloud edge is big.", True),
        ("Rain is wet.[^2]", "Rain is wet.[^1]", False),
        ("tags:\n- nature", "tags:\n- sky", False),
    ],
)
def test_a_change_of_what_families_read_is_a_warning_until_it_is_reviewed_again(
    here: Path, old: str, new: str, changed: bool
) -> None:
    run("review", "clouds", *BY, "--corpus", here)
    text = page(here).read_text(encoding="utf-8")
    assert old in text
    page(here).write_text(text.replace(old, new), encoding="utf-8")
    said = "warning: it was changed since Dr. Ada Lowe: MD reviewed it on 2026-11-22, and pages say so"
    assert told(here, rule="review") == ([said] if changed else [])
    assert is_changed(here) is changed


def test_the_review_of_a_talk_stands_on_its_card_and_is_of_its_words(tmp_path: Path) -> None:
    cue = "00:00:00.000 --> 00:00:03.000\n<v A parent>Does it rain?\n"
    here = script(tmp_path, cue)
    ran = run("review", "moons", *BY, "--corpus", here)
    assert ran.stdout == f"{here / 'interviews' / 'moons' / 'interview.md'}\n"
    assert told(here, rule="review") == []
    words = here / "interviews" / "moons" / "transcript.vtt"
    words.write_text(words.read_text(encoding="utf-8").replace("rain", "snow"), encoding="utf-8")
    assert len(told(here, rule="review")) == 1


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("clouds", "--by", "unreviewed", "--on", "2026-11-22"), "names nobody"),
        (("clouds", "--by", " ", "--on", "2026-11-22"), "names nobody"),
        (("clouds", "--by", "Ada", "--on", "2999-01-01"), "2999-01-01 has not come yet"),
        (("winds", "--by", "Ada", "--on", "2026-11-22"), "there is no source 'winds'"),
    ],
)
def test_what_is_no_review_is_not_written_down(here: Path, words: tuple[str, ...], fault: str) -> None:
    before = page(here).read_bytes()
    ran = run("review", *words, "--corpus", here)
    assert ran.exit_code == 1
    assert fault in ran.stderr
    assert page(here).read_bytes() == before


def test_nothing_unfinished_is_reviewed(here: Path) -> None:
    page(here).write_text(f"{page(here).read_text(encoding='utf-8')}\nTODO\n", encoding="utf-8")
    assert (
        "TODO is left to write. Finish it before it is reviewed."
        in run("review", "clouds", *BY, "--corpus", here).stderr
    )
