from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from tests.reading.corpus_files import EXPLAINER, read_one, write, write_explainer

if TYPE_CHECKING:
    from pathlib import Path


def test_an_explainer_reads_as_its_reader_sees_it(tmp_path: Path) -> None:
    source = read_one(write_explainer(tmp_path))

    assert source.id == "weather-diary"
    assert source.kind == "explainer"
    assert source.title == "What Is a Weather Diary?"
    # Nobody is named, so that it is the day of the last change.
    assert (source.updated_on, source.reviewed_on) == ("2026-10-01", None)
    assert source.text == (
        "A weather diary is a daily note of the sky.\n\n"
        "A weather diary is a notebook. You write in it every day.\n\n"
        "Small changes are easy to forget.\n\n"
        "You need:\n\na pencil\na window\n\nThen you look outside."
    )


def test_sections_have_their_heading_anchor_role_and_words(tmp_path: Path) -> None:
    source = read_one(write_explainer(tmp_path))

    assert [(part.headings, part.anchor, part.role) for part in source.sections] == [
        ((), None, "what"),
        (("Plain-English explanation",), "plain-english-explanation", "what"),
        (("Why it matters",), "why-it-matters", "why"),
        (("How it works",), "how-it-works", "how"),
    ]
    assert source.text[slice(*source.sections[2].span)] == "Small changes are easy to forget."


def test_a_summary_that_the_body_repeats_is_in_the_text_once(tmp_path: Path) -> None:
    body = EXPLAINER.replace("A **weather diary** is a notebook.", "A weather diary is a daily note of the sky.")
    source = read_one(write_explainer(tmp_path, text=body))

    assert source.text.count("A weather diary is a daily note of the sky.") == 1
    assert source.sections[0].headings == ("Plain-English explanation",)
    assert source.summary == "A weather diary is a daily note of the sky."


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("One\nline\\\nonly", "One line only"),
        ("Water is H<sub>2</sub>O &amp; more", "Water is H2O & more"),
        ("![a cloud](cloud.svg) Look up.", "Look up."),
        ("Use `rain()` ~~never~~ <https://example.org>", "Use rain() https://example.org"),
        ("> Quoted.\n\nSaid.", "Quoted.\n\nSaid."),
        ("1. first\n2. second\n   - inside", "first\nsecond\ninside"),
        ("| Sky | Day |\n|---|---|\n| grey | one |", "Sky | Day\ngrey | one"),
        ("<!-- not for readers -->\nSaid.", "Said."),
        ("Not a list \\* and \\[no link\\]", "Not a list * and [no link]"),
        ("Soft\u00adhyphen, wide\u00a0space and zero\u200bwidth", "Softhyphen, wide space and zerowidth"),
    ],
)
def test_markdown_becomes_plain_text(tmp_path: Path, markdown: str, text: str) -> None:
    assert read_one(write(tmp_path, "page.md", f"# Title\n\n{markdown}\n")).text == text


def test_anchors_are_unique_in_a_page(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "page.md", "# T\n\n## Rain\n\na\n\n## Rain\n\nb\n\n## 雨\n\nc\n"))

    assert [part.anchor for part in source.sections] == ["rain", "rain-2", "section"]


def test_a_heading_below_a_heading_has_both_in_its_path_and_the_role_of_the_one_that_tells(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "page.md", "# T\n\n## What are the risks?\n\n### The liver\n\nIt may swell.\n"))

    assert source.sections[0].headings == ("What are the risks?", "The liver")
    assert source.sections[0].role == "risks"


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Plain-English explanation", "what"),
        ("What is a gene?", "what"),
        ("What are the symptoms?", "other"),
        ("Why it matters", "why"),
        ("Why does this matter for trials?", "why"),
        ("How it works", "how"),
        ("How does gene therapy work?", "how"),
        ("How long does it take?", "other"),
        ("What can go wrong?", "risks"),
        ("What it cannot do", "risks"),
        ("Side effects", "risks"),
        ("Limits", "risks"),
        ("Questions to ask", "other"),
    ],
)
def test_a_heading_tells_what_its_section_is_for(tmp_path: Path, heading: str, role: str) -> None:
    assert read_one(write(tmp_path, "page.md", f"# T\n\n## {heading}\n\nWords.\n")).sections[0].role == role


def test_terms_references_and_related_are_read(tmp_path: Path) -> None:
    more = """\
key_terms:
  - term: Sky
    definition: What is above.
    synonyms: [heaven]
  - Cloud: Water in the air.
references:
  - title: The sky
    publisher: WHO
    url: https://www.who.int/
related:
  - other-page
  - {kind: interview, title: Rain, url: "https://example.org/rain"}
tags: [sky]
questions: ["What is above?"]
reviewed_by: unreviewed
video: null
---"""
    page = EXPLAINER.replace("---\n\n## Plain", f"{more}\n\n## Plain", 1)
    source = read_one(write_explainer(tmp_path, text=page))

    assert [(term.term, term.definition, term.synonyms) for term in source.key_terms] == [
        ("Sky", "What is above.", ("heaven",)),
        ("Cloud", "Water in the air.", ()),
    ]
    assert source.references[0].url == "https://www.who.int/"
    assert source.related_ids == ("other-page",)
    assert source.related_cards[0].url == "https://example.org/rain"
    assert (source.video, source.reviewed_by, source.questions) == (None, None, ("What is above?",))


@pytest.mark.parametrize(
    ("field", "line", "said"),
    [
        ("reviewed_on: 2026-02-30", 6, "not a date"),
        ("reviewed_on: yesterday", 6, "not a date"),
        ("reviewed_on: 2026", 6, "should be text but is a number"),
        ("kind: essay", 6, "there is no kind 'essay'"),
        ("id: another", 6, "the file or folder is 'page'"),
        ("id: Not A Slug", 6, "cannot be in a link"),
        ("tags: sky", 6, "should be a list"),
        ("tags: [1]", 6, "should be a list of texts"),
        ("illustrative: maybe", 6, "should be true or false"),
        ("video: javascript:alert(1)", 6, "not a link that may be shown"),
        ("url: //example.org", 6, "not a link that may be shown"),
        ("infographic: 'data:text/html,x'", 6, "not a link that may be shown"),
        ("key_terms: [{term: Sky}]", 6, "definition is missing"),
        ("key_terms:\n  - term: Sky\n    definition: Up.\n  - term: Rain\n    tag: x", 9, "definition is missing"),
        ("references: [{url: https://example.org}]", 6, "title is missing"),
        ("sumary: x", 6, "Did you mean 'summary'?"),
        ("title: Twice", 6, "title is there twice"),
        ("host: a: b", 6, "not YAML"),
        ("host: *nobody", 6, "not YAML"),
        ('guest: "\\ud800"', 6, "half a character"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(tmp_path: Path, field: str, line: int, said: str) -> None:
    path = write(tmp_path, "page.md", f"---\ntitle: T\n# a\n# b\n# c\n{field}\n---\n\nWords.\n")

    with pytest.raises(CorpusErrors) as caught:
        read_corpus([path])

    (error,) = caught.value.errors
    assert (error.path, error.line) == (str(path), line)
    assert said in str(error)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("---\ntitle: T\n\nWords.\n", 1, "has no end"),
        ("---\n- T\n---\n\nWords.\n", 1, "has no fields"),
        ("---\ntags: []\n---\n\nWords.\n", 1, "there is no title"),
        ("---\ntitle: T\n---\n\n## Only a heading\n", None, "there is no text"),
    ],
)
def test_a_page_that_is_not_whole_is_a_complaint(tmp_path: Path, text: str, line: int | None, said: str) -> None:
    with pytest.raises(CorpusErrors, match=said) as caught:
        read_corpus([write(tmp_path, "page.md", text)])

    assert caught.value.errors[0].line == line


def test_fields_of_the_editors_own_are_left_alone(tmp_path: Path) -> None:
    page = "---\ntitle: T\nlayout: wide\n---\n\nWords.\n"

    assert read_one(write(tmp_path, "page.md", page)).text == "Words."


def test_a_line_like_note_does_not_make_an_explainer_a_talk(tmp_path: Path) -> None:
    body = "# T\n\nNote: look up.\n\nNote: look down.\n\nSource: the sky.\n\nSource: the sea.\n"

    source = read_one(write(tmp_path, "page.md", body))

    assert source.kind == "article"
    assert "Note: look up." in source.text


def test_the_digest_changes_with_the_file_and_not_with_its_place(tmp_path: Path) -> None:
    one = read_one(write_explainer(tmp_path / "a"))
    same = read_one(write_explainer(tmp_path / "b"))
    other = read_one(write_explainer(tmp_path / "c", text=EXPLAINER + "\nMore.\n"))

    assert one.digest == same.digest
    assert one.digest != other.digest
