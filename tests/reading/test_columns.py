"""Each cell of a table stays in its column: a dose is never read as that of the column before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write
from tests.reading.test_kept_words import page_with

if TYPE_CHECKING:
    from pathlib import Path

HEADS = "<tr><th>Age</th><th>Morning</th><th>Night</th></tr>"
TABLES = [
    ("<tr><td>Child</td><td></td><td>5 mg</td></tr>", "Child | \u2013 | 5 mg"),
    ("<tr><td>Child</td><td>&nbsp;</td><td>5 mg</td></tr>", "Child | \u2013 | 5 mg"),
    ("<tr><td>Child</td><td>5 mg</td><td></td></tr>", "Child | 5 mg"),
    ("<tr><td></td><td>2 mg</td><td>5 mg</td></tr>", "\u2013 | 2 mg | 5 mg"),
    (
        "<tr><td rowspan='2'>Child</td><td>2 mg</td><td>5 mg</td></tr><tr><td>3 mg</td><td>6 mg</td></tr>",
        "Child | 2 mg | 5 mg\nChild | 3 mg | 6 mg",
    ),
    (
        "<tr><td>Child</td><td rowspan=2>2 mg</td><td>5 mg</td></tr><tr><td>Adult</td><td>6 mg</td></tr>",
        "Child | 2 mg | 5 mg\nAdult | 2 mg | 6 mg",
    ),
    (
        "<tr><td>Child</td><td>2 mg</td><td rowspan='3'>5 mg</td></tr><tr><td>Teen</td><td>3 mg</td></tr>"
        "<tr><td>Adult</td><td>4 mg</td></tr>",
        "Child | 2 mg | 5 mg\nTeen | 3 mg | 5 mg\nAdult | 4 mg | 5 mg",
    ),
    ("<tr><td rowspan='x'>Child</td><td>2 mg</td><td>5 mg</td></tr>", "Child | 2 mg | 5 mg"),
    ("<tr><td rowspan='99999999999'>Child</td><td>2 mg</td><td>5 mg</td></tr>", "Child | 2 mg | 5 mg"),
    ("<tr><td>Child</td><td><p></p></td><td>5 mg</td></tr>", "Child | \u2013 | 5 mg"),
    ("<tr><th>Child<td><td>5 mg", "Child | \u2013 | 5 mg"),
]


@pytest.mark.parametrize(("rows", "shown"), TABLES)
def test_a_cell_stays_in_its_column(tmp_path: Path, rows: str, shown: str) -> None:
    table = f"<table>{HEADS}{rows}</table>"
    lines = f"Age | Morning | Night\n{shown}"

    assert page_of_html(table).finish()[0] == lines
    assert f"{lines}\n\n" in read_one(write(tmp_path, "sky.html", page_with(table))).text
    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{table}\n")).text == lines


def test_a_table_of_markdown_keeps_its_columns(tmp_path: Path) -> None:
    text = "# Sky\n\n| Age | Morning | Night |\n|---|---|---|\n| Child |  | 5 mg |\n| | 2 mg | |\n"

    source = read_one(write(tmp_path, "sky.md", text))

    assert source.text == "Age | Morning | Night\nChild | \u2013 | 5 mg\n\u2013 | 2 mg"


def test_a_table_that_only_sets_things_beside_each_other_gets_no_marks() -> None:
    layout = "<table><tr><td></td><td>Words here.</td></tr><tr><td></td><td>More words.</td></tr></table>"

    assert page_of_html("<table><tr><td></td><td>Words here.</td></tr></table>").finish()[0] == "Words here."
    assert page_of_html(layout.replace("<td></td><td>W", "<td>W")).finish()[0] == "Words here.\nMore words."


@pytest.mark.parametrize(
    "tabs",
    [
        '<div role="tablist"><button role="tab" aria-controls="a">Can it stop?</button></div>'
        '<div role="tabpanel" id="a"><p>{no}</p></div>',
        '<ul role="tablist"><li role="tab" id="t">Can it stop?</li></ul>'
        '<div role="tabpanel" id="a" aria-labelledby="t" hidden><p>{no}</p></div>',
        '<div role="tablist"><a role="tab" href="#a">Can it stop?</a></div>'
        '<div role="tabpanel" id="a" style="display:none">{no}</div>',
    ],
)
def test_the_words_of_a_tab_stand_above_what_it_shows(tmp_path: Path, tabs: str) -> None:
    no = "No, because it only slows the storm down, and then only in most of the years."
    text, sections = page_of_html(tabs.replace("{no}", no)).finish()

    assert (text, sections[0].headings) == (no, ("Can it stop?",))


def test_a_page_that_is_all_one_form_is_read(tmp_path: Path) -> None:
    form = "<form id='aspnetForm'><p>Take 5 mg only, and never more than that.</p><input type='submit'></form>"

    assert page_of_html(form).finish()[0] == "Take 5 mg only, and never more than that."
    assert page_of_html("<form><label>Your e-mail</label><input></form>").finish()[0] == ""


def test_what_stands_aside_in_a_text_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = read_one(write(tmp_path, "sky.html", page_with("\n<aside><p>Never with milk.</p></aside>\n")))

    assert "Never with milk." in source.text or "sky.html:2: left out of the page: 'Never with milk.'" in caplog.text
