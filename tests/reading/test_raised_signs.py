"""Exponents, units, charges, notes and formulas keep what they say in pages, Markdown and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "The sky is what is above us and around us, and it changes every single day of the year, as we all know."
AFTER = "The sea is what is below us and beside us, and it changes every single day of the year, as we all know."
SIGNS = [
    ("Give 1.1 x 10<sup>14</sup> vg/kg.", "Give 1.1 x 10¹⁴ vg/kg."),
    ("A lamp of 5 m<sup>2</sup>.", "A lamp of 5 m²."),
    ("One in 10<sup>&minus;6</sup> or 10<sup>-7</sup>.", "One in 10⁻⁶ or 10⁻⁷."),
    ("We breathe CO<sub>2</sub> and drink H<sub>2</sub>O.", "We breathe CO2 and drink H2O."),
    ("Take 1<sup>1</sup>/<sub>2</sub> tablets.", "Take 1¹/₂ tablets."),
    ("Ca<sup>2+</sup> and CD4<sup>+</sup> cells.", "Ca²⁺ and CD4⁺ cells."),
    ("The 1<sup>st</sup> and the 4<sup>th</sup>.", "The 1st and the 4th."),
    ("A drug<sup>TM</sup> is sold<sup>&reg;</sup>.", "A drug™ is sold®."),
    ("It grows as 10<sup>1.5</sup> does.", "It grows as 10^1.5 does."),
    ("So log<sub>10</sub>100 is 2.", "So log₁₀100 is 2."),
    ("Peak C<sub>max</sub> and B<sub>12</sub>.", "Peak Cmax and B12."),
    ("<sup>99m</sup>Tc is used.", "⁹⁹ᵐTc is used."),
    ("It is rare.<sup>1,2</sup> It is not.<sup>[3]</sup>", "It is rare. It is not."),
    ('It is rare<sup><a href="#ref4">4</a></sup> here.', "It is rare here."),
    ("Read <sup>this small print</sup> too.", "Read this small print too."),
]


@pytest.mark.parametrize(("typed", "shown"), SIGNS)
def test_signs_are_the_same_in_a_saved_page_in_markdown_and_in_a_feed(tmp_path: Path, typed: str, shown: str) -> None:
    page = f"<html><body><main><h1>Sky</h1><p>{BEFORE}</p><p>{typed}</p><p>{AFTER}</p></main></body></html>"

    assert read_one(write(tmp_path, "sky.html", page)).text == f"{BEFORE}\n\n{shown}\n\n{AFTER}"
    assert read_one(write(tmp_path, "inline.md", f"# Sky\n\n{BEFORE}\n\n{typed}\n")).text == f"{BEFORE}\n\n{shown}"
    assert (
        read_one(write(tmp_path, "block.md", f"# Sky\n\n{BEFORE}\n\n<p>{typed}</p>\n")).text == f"{BEFORE}\n\n{shown}"
    )
    assert page_of_html(f"<p>{typed}</p>").finish()[0] == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('10<span style="font-size:.6em;vertical-align:super">14</span> vg', "10¹⁴ vg"),
        ('H<span style="vertical-align: sub">2</span>O', "H2O"),
        ("<math><msup><mn>10</mn><mn>14</mn></msup></math> vg", "10¹⁴ vg"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> a day", "1/2 a day"),
        ("<table><tr><td>10<sup>5</sup></td><td>5 m<sup>2</sup></td></tr></table>", "10⁵ | 5 m²"),
        ("<ul><li>10<sup>5</sup></li></ul>", "10⁵"),
    ],
)
def test_signs_raised_by_a_style_or_in_a_formula_are_raised(typed: str, shown: str) -> None:
    assert page_of_html(typed).finish()[0] == shown


def test_a_heading_and_a_table_of_markdown_have_their_signs(tmp_path: Path) -> None:
    text = "# Sky\n\n## At 10<sup>14</sup>\n\n| Dose | Area |\n|---|---|\n| 10<sup>13</sup> | 5 m<sup>2</sup> |\n"

    source = read_one(write(tmp_path, "sky.md", text))

    assert source.text == "Dose | Area\n10¹³ | 5 m²"
    assert source.sections[0].headings == ("At 10¹⁴",)


def test_captions_and_podcast_pages_have_their_signs(tmp_path: Path) -> None:
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nGive 10<sup>14</sup> vg.\n"
    said = "<cite>Ada:</cite> <time>0:01</time> <p>Give 10<sup>14</sup> vg.</p>\n"

    assert read_one(write(tmp_path, "a.vtt", captions)).text == "Give 10¹⁴ vg."
    assert read_one(write(tmp_path, "b.html", said + said.replace("0:01", "0:02"))).text.startswith("Give 10¹⁴ vg.")
