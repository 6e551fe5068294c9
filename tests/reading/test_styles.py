"""What a page's styles and classes say of its words holds for Markdown, pages and feeds alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.reading.textfile import one_line
from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "The sky is what is above us and around us, and it changes every single day of the year, as we all know."
AFTER = "The sea is what is below us and beside us, and it changes every single day of the year, as we all know."
STYLED = [
    ("10<span class='superscript'>14</span> vg", "10\u00b9\u2074 vg"),
    ("10<span class='sup'>14</span> vg", "10\u00b9\u2074 vg"),
    ("H<span class='sub'>2</span>O", "H2O"),
    ("10<span style='position:relative; top:-3.0pt; mso-text-raise:3.0pt'>14</span> vg", "10\u00b9\u2074 vg"),
    ("10<span style='font-size:9pt; vertical-align:4pt'>14</span> vg", "10\u00b9\u2074 vg"),
    ("10<span style='font-variant-position: super'>14</span> vg", "10\u00b9\u2074 vg"),
    ("10<sup>14 vg in all of it", "10\u00b9\u2074 vg in all of it"),
    ("20<sup>o</sup>C and colder", "20\u00b0C and colder"),
    ("Give <span style='text-decoration:line-through'>50</span> 5 mg", "Give 5 mg"),
    ("Give <span style='text-decoration: underline line-through'>50</span> 5 mg", "Give 5 mg"),
    ("Give <span class='text-decoration-line-through'>50</span> 5 mg", "Give 5 mg"),
    ("Give <span class='ql-strike'>50</span> 5 mg", "Give 5 mg"),
    ("Give <span class='strikethrough'>50</span> 5 mg", "Give 5 mg"),
    ("Give <span role='deletion'>50</span> 5 mg", "Give 5 mg"),
    ("Give <font style='TEXT-DECORATION: LINE-THROUGH'>50</font> 5 mg", "Give 5 mg"),
    ("Give <span style='text-decoration:line-through'>50 <span>mg</span> or</span> 5 mg", "Give 5 mg"),
    ("<q>No</q>, she said.", "\u201cNo\u201d, she said."),
    ("A <b>strike</b> by <i class='strikes'>all</i> of us.", "A strike by all of us."),
    ("A <span class='subtitle'>small</span> <span class='support'>word</span>.", "A small word."),
    ("A <span class='deleted-scenes'>scene</span>.", "A scene."),
]


@pytest.mark.parametrize(("typed", "shown"), STYLED)
def test_a_style_is_read_alike_in_all_of_them(tmp_path: Path, typed: str, shown: str) -> None:
    page = f"<html><body><main><h1>Sky</h1><p>{BEFORE}</p><p>{typed}</p><p>{AFTER}</p></main></body></html>"

    assert read_one(write(tmp_path, "sky.html", page)).text == f"{BEFORE}\n\n{shown}\n\n{AFTER}"
    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{BEFORE}\n\n{typed}\n")).text == f"{BEFORE}\n\n{shown}"
    assert page_of_html(f"<p>{typed}</p>").finish()[0] == shown


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (".c3{vertical-align:super;font-size:8pt}", "10\u00b9\u2074 vg"),
        ("span.c3 { font-size: 8pt; vertical-align: super }", "10\u00b9\u2074 vg"),
        (".c1,.c3{vertical-align:super}", "10\u00b9\u2074 vg"),
        (".c3{text-decoration:line-through}", "10 vg"),
        (".c3{-webkit-text-decoration-skip:none;text-decoration:line-through}", "10 vg"),
        (".c3{color:red} .c4{vertical-align:super}", "1014 vg"),
        ("td .c3{vertical-align:super}", "1014 vg"),
        ("@media print {.c9{color:red}} .c3{text-decoration: line-through}", "10 vg"),
    ],
)
def test_a_class_means_what_the_pages_own_style_sheet_says(tmp_path: Path, rule: str, shown: str) -> None:
    head = f"<head><style>{rule}</style></head>"
    typed = "10<span class='c2 c3'>14</span> vg"
    page = f"<html>{head}<body><main><h1>Sky</h1><p>{BEFORE}</p><p>{typed}</p><p>{AFTER}</p></main></body></html>"

    assert read_one(write(tmp_path, "sky.html", page)).text == f"{BEFORE}\n\n{shown}\n\n{AFTER}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Give 5\u03360\u0336 \u0336m\u0336g\u0336 5 mg.", "Give 5 mg."),
        ("Give 5\u03350\u0335 5 mg.", "Give 5 mg."),
        ("Bye\x1cnow", "Bye now"),
        ("Bye\x1dnow\x1fand\x1ethen", "Bye now and then"),
        ("so\u00adlong fare\u200bwell", "solong farewell"),
    ],
)
def test_signs_that_nobody_sees_change_no_word(typed: str, shown: str) -> None:
    assert one_line(typed) == shown
