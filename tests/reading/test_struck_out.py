"""What is struck out is not read: "50 mg 5 mg" is another dose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "The sky is what is above us and around us, and it changes every single day of the year, as we all know."
AFTER = "The sea is what is below us and beside us, and it changes every single day of the year, as we all know."
STRUCK = [
    ("Give <del>50 mg</del> 5 mg.", "Give 5 mg."),
    ("Parents should <s>stop</s> keep giving it.", "Parents should keep giving it."),
    ("It <strike>never</strike> always helps.", "It always helps."),
    ("It <DEL datetime='2020'>never</DEL> helps <ins>now</ins>.", "It helps now."),
    ("It is <del><b>not</b> very</del> safe.", "It is safe."),
    ("It help<del>ed</del>s.", "It helps."),
    ("<del>All of it.</del> None of it.", "None of it."),
]


@pytest.mark.parametrize(("typed", "shown"), STRUCK)
def test_struck_out_words_are_read_in_no_format(tmp_path: Path, typed: str, shown: str) -> None:
    page = f"<html><body><main><h1>Sky</h1><p>{BEFORE}</p><p>{typed}</p><p>{AFTER}</p></main></body></html>"

    assert read_one(write(tmp_path, "sky.html", page)).text == f"{BEFORE}\n\n{shown}\n\n{AFTER}"
    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{BEFORE}\n\n{typed}\n")).text == f"{BEFORE}\n\n{shown}"
    assert page_of_html(f"<p>{typed}</p>").finish()[0] == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Give ~~50 mg~~ 5 mg.", "Give 5 mg."),
        ("Give ~~**50** mg~~ 5 mg.", "Give 5 mg."),
        ("- ~~50 mg~~ 5 mg\n- ~~never~~ at noon", "5 mg\nat noon"),
        ("| Dose | When |\n|---|---|\n| ~~50 mg~~ 5 mg | ~~never~~ noon |", "Dose | When\n5 mg | noon"),
        ("Give <del>50 mg, and all that follows", "Give"),
        ("Give ~ 5 mg ~ a day.", "Give ~ 5 mg ~ a day."),
    ],
)
def test_markdowns_own_strokes_strike_out(tmp_path: Path, typed: str, shown: str) -> None:
    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{BEFORE}\n\n{typed}\n")).text == f"{BEFORE}\n\n{shown}"


@pytest.mark.parametrize(
    "typed",
    [
        '<span style="text-decoration: line-through">50 mg</span> 5 mg',
        '<span style="color:red;text-decoration-line:line-through">50 mg</span> 5 mg',
        '<span class="old line-through">50 mg</span> 5 mg',
        "<del><p>50 mg</p><p>or more</p></del><p>5 mg</p>",
        "<ul><li><s>50 mg</s></li><li>5 mg</li></ul>",
    ],
)
def test_a_style_and_a_block_strike_out(typed: str) -> None:
    assert page_of_html(typed).finish()[0] == "5 mg"


def test_headings_captions_and_transcripts_strike_out(tmp_path: Path) -> None:
    captions = "1\n00:00:01,000 --> 00:00:02,000\nGive <s>50 mg</s> 5 mg.\n"
    talk = "**Ada:** Give ~~50 mg~~ 5 mg.\n\n**Ben:** Yes.\n"
    said = "<cite>Ada:</cite> <time>0:01</time> <p>Give <del>50 mg</del> 5 mg.</p>\n"

    assert read_one(write(tmp_path, "a.srt", captions)).text == "Give 5 mg."
    assert read_one(write(tmp_path, "b.md", talk)).text == "Give 5 mg.\n\nYes."
    assert read_one(write(tmp_path, "c.html", said * 2)).text.startswith("Give 5 mg.")
    headed = read_one(write(tmp_path, "d.md", "# Sky\n\n## ~~Old~~ New\n\nWords.\n"))
    assert headed.sections[0].headings == ("New",)
