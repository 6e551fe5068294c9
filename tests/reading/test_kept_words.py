"""Nothing disappears in silence: lists in cells, questions on buttons, answers behind a tap, words said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write
from tests.reading.test_transcript import said

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "The sky is what is above us and around us, and it changes every single day of the year, as we all know."
AFTER = "The sea is what is below us and beside us, and it changes every single day of the year, as we all know."
NO = "No, because it only slows the storm down, and then only in most of the years."
CELLS = [
    ("<ul><li>5 mg at one</li><li>10 mg at two</li></ul>", "5 mg at one; 10 mg at two"),
    ("<ol><li>5 mg.</li><li>10 mg.</li></ol>", "5 mg. 10 mg."),
    ("<p>5 mg at one</p><p>10 mg at two</p>", "5 mg at one; 10 mg at two"),
    ("<div>5 mg</div><div>10 mg</div>", "5 mg; 10 mg"),
    ("5 mg<br>daily", "5 mg daily"),
    ("Each day:<ul><li>5 mg</li></ul>", "Each day: 5 mg"),
    ("<ul><li>5 mg<ul><li>at noon</li></ul></li></ul>", "5 mg; at noon"),
]
PANELS = [
    '<h3><button aria-expanded="false" aria-controls="p1">Can it stop?</button></h3>'
    f'<div id="p1" hidden><p>{NO}</p></div>',
    f'<button class="accordion">Can it stop?</button><div class="panel" style="display:none"><p>{NO}</p></div>',
    f"<details><summary>Can it stop?</summary><p>{NO}</p></details>",
    '<h2 class="accordion-header"><button class="accordion-button collapsed" data-bs-target="#c1">Can it stop?</button>'
    f'</h2><div id="c1" class="accordion-collapse collapse"><div class="accordion-body"><p>{NO}</p></div></div>',
    '<div role="button" aria-expanded="false" aria-controls="x">Can it stop?</div>'
    f'<div id="x" aria-hidden="true"><p>{NO}</p></div>',
    f'<button aria-controls="y z">Can it stop?</button><div id="z" style="display: none;"><p>{NO}</p></div>',
    f'<h4><span><button>Can it stop?</button></span></h4><div hidden="until-found"><p>{NO}</p></div>',
    '<h3><button data-toggle="collapse" data-target="#q1">Can it stop?</button></h3>'
    f'<div id="q1" class="collapse" aria-hidden="true"><p>{NO}</p></div>',
]


def page_with(markup: str) -> str:
    """A saved page with a piece of markup amid its text."""
    return f"<html><body><main><h1>Sky</h1><p>{BEFORE}</p>{markup}<p>{AFTER}</p></main></body></html>"


@pytest.mark.parametrize(("typed", "shown"), CELLS)
def test_what_stands_in_a_cell_stays_in_it(tmp_path: Path, typed: str, shown: str) -> None:
    table = f"<table><tr><th>Drug</th><th>Doses</th></tr><tr><td>Alpha</td><td>{typed}</td></tr></table>"

    assert f"Drug | Doses\nAlpha | {shown}\n\n" in read_one(write(tmp_path, "sky.html", page_with(table))).text
    assert page_of_html(table).finish()[0] == f"Drug | Doses\nAlpha | {shown}"
    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{table}\n")).text == f"Drug | Doses\nAlpha | {shown}"


@pytest.mark.parametrize("panel", PANELS)
def test_an_answer_behind_a_tap_stands_under_its_question(tmp_path: Path, panel: str) -> None:
    source = read_one(write(tmp_path, "sky.html", page_with(panel)))
    headings = {
        section.headings[-1]: source.text[slice(*section.span)] for section in source.sections if section.headings
    }
    assert headings["Can it stop?"].startswith(NO)

    text, sections = page_of_html(panel).finish()
    assert (text, sections[0].headings) == (NO, ("Can it stop?",))


def test_a_button_that_opens_nothing_is_no_text() -> None:
    assert page_of_html("<p>Words.</p><button>Subscribe</button>").finish()[0] == "Words."


def test_paragraphs_of_a_list_item_do_not_run_together(tmp_path: Path) -> None:
    items = "<ul><li><p>Take 5 mg</p><p>at one</p></li><li>Rest<ul><li>10 mg</li></ul></li></ul>"

    assert "Take 5 mg at one\nRest\n10 mg" in read_one(write(tmp_path, "sky.html", page_with(items))).text


def test_what_the_main_text_is_found_without_is_named_with_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = page_with('\n<div class="sidebar"><p>Never take it with milk.</p></div>\n')

    source = read_one(write(tmp_path, "sky.html", page))

    if "Never take it with milk." not in source.text:
        assert "sky.html:2: left out of the page: 'Never take it with milk.'" in caplog.text


@pytest.mark.parametrize(
    ("cues", "turns"),
    [
        (("<v Ada>Is<00:01.500> it safe?", "<v Ada>No.", "<v Ben>No."), ["Is it safe? No.", "No."]),
        (("Is<00:01.500> it safe?", "- No.", "- No."), ["Is it safe?", "No.", "No."]),
        (("Is<00:01.500> it safe?", "No.", "No."), ["Is it safe? No. No."]),
        (("No<00:01.500> way.", "<v Ben>No way."), ["No way.", "No way."]),
        (("No<00:01.500> way.", "No<00:02.500> way."), ["No way. No way."]),
        (("Yes.", "Yes.", "Yes.", "Yes."), ["Yes. Yes. Yes. Yes."]),
        (("<v Ada>Hm.", "<v Ben>Hm.", "<v Ada>Hm.", "<v Ben>Hm.", "<v Ada>Ah."), ["Hm.", "Hm.", "Hm.", "Hm.", "Ah."]),
        (("one<00:01.500> two", "one two\nthree<00:02.500> four", "three four\nfive"), ["one two three four five"]),
    ],
)
def test_what_is_said_twice_is_kept_twice(tmp_path: Path, cues: tuple[str, ...], turns: list[str]) -> None:
    times = (f"00:0{number}.000 --> 00:0{number}.900\n{words}" for number, words in enumerate(cues, start=1))

    source = read_one(write(tmp_path, "a.vtt", "WEBVTT\n\n" + "\n\n".join(times)))

    assert [words for _, _, words in said(source)] == turns
