from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from tests.reading.corpus_files import read_one, write, write_interview

if TYPE_CHECKING:
    from pathlib import Path

    from bot.records import Source

LABELLED = """\
**Ada Lowe, Ph.D:** Clouds are water. \\[laughs\\] They float.

They drift, too.

**Ben Ray:** \\[04:06\\] Do they fall?

**Ada Lowe, Ph.D:** \\[laughter\\]

**Ben Ray:** Well?

**Ada Lowe, Ph.D:** They rain \\[unintelligible 00:05:10.19\\] and then \\[06:00\\] stop. See [their page](https://example.org).
"""


def said(source: Source) -> list[tuple[str | None, float | None, str]]:
    return [(turn.speaker, turn.start_s, source.text[slice(*turn.span)]) for turn in source.turns]


def test_labelled_markdown_keeps_speakers_paragraphs_and_times(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "clouds.md", LABELLED))

    assert source.kind == "interview"
    assert said(source) == [
        ("Ada Lowe, Ph.D", None, "Clouds are water. They float.\n\nThey drift, too."),
        ("Ben Ray", 246.0, "Do they fall?"),
        ("Ben Ray", 246.0, "Well?"),
        ("Ada Lowe, Ph.D", 246.0, "They rain [unintelligible] and then stop. See their page."),
    ]
    assert [(mark.start_s, source.text[mark.at :][:9]) for mark in source.time_marks] == [
        (246.0, "Do they f"),
        (310.19, "[unintell"),
        (360.0, "stop. See"),
    ]


@pytest.mark.parametrize(
    "label",
    [
        "**Ada:** {}",
        "**Ada**: {}",
        "__Ada:__ {}",
        "Ada: {}",
        "Ada (00:05): {}",
        "[00:05] Ada: {}",
        "00:05 - Ada: {}",
        "**Ada** [0:05]: {}",
        "**Ada [00:05]:** {}",
        "[00:05] **Ada:** {}",
        "Ada  0:05\n{}",
        "Ada:\n{}",
        ">> Ada: {}",
    ],
)
def test_a_label_may_be_written_in_many_ways(tmp_path: Path, label: str) -> None:
    lines = [label.format("Clouds are water."), "**Ben:** Why?" if "*" in label or "_" in label else "Ben: Why?"]
    text = "\n\n".join([*lines, label.format("They float."), lines[1]])

    source = read_one(write(tmp_path, "clouds.txt", text))

    assert [(turn.speaker, source.text[slice(*turn.span)]) for turn in source.turns] == [
        ("Ada", "Clouds are water."),
        ("Ben", "Why?"),
        ("Ada", "They float."),
        ("Ben", "Why?"),
    ]
    if "05" in label:
        assert source.turns[0].start_s == 5.0


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("I laugh. [laughs loudly]", "I laugh."),
        ("(Laughter) Yes.", "Yes."),
        ("It grew [in the lab] fast.", "It grew [in the lab] fast."),
        ("Read Mark (9:30) today.", "Read Mark (9:30) today."),
        ("It is [inaudible 1:02:03] here.", "It is [inaudible] here."),
        ("At [99:99] it ended.", "At [99:99] it ended."),
        ("Here's the thing: we try.", "Here's the thing: we try."),
    ],
)
def test_what_was_not_said_is_left_out_and_what_was_said_stays(tmp_path: Path, typed: str, text: str) -> None:
    source = read_one(write(tmp_path, "clouds.md", f"**Ada:** {typed}\n\n**Ben:** Yes.\n\n**Ada:** No.\n"))

    assert source.text == f"{text}\n\nYes.\n\nNo."


def test_a_title_above_the_first_turn_is_the_title(tmp_path: Path) -> None:
    talk = "Ada: Rain.\n\nBen: Why?\n\nAda: Clouds.\n"

    assert read_one(write(tmp_path, "a/clouds.md", f"# All About Clouds\n\n{talk}")).title == "All About Clouds"
    assert read_one(write(tmp_path, "b/clouds.txt", f"All About Clouds\n\n{talk}")).title == "All About Clouds"
    assert read_one(write(tmp_path, "c/all-about_clouds.txt", talk)).title == "All about clouds"


def test_headings_in_a_talk_are_its_sections(tmp_path: Path) -> None:
    talk = "**Ada:** Rain.\n\n## Part two\n\n**Ben:** Why?\n\n**Ada:** Clouds.\n"

    source = read_one(write(tmp_path, "clouds.md", talk))

    assert [(part.headings, source.text[slice(*part.span)]) for part in source.sections] == [
        ((), "Rain."),
        (("Part two",), "Why?\n\nClouds."),
    ]


def test_a_glossary_with_bold_terms_is_no_talk(tmp_path: Path) -> None:
    terms = "\n\n".join(f"**{term}:** It is something." for term in ("Rain", "Snow", "Hail", "Fog", "Dew"))

    assert read_one(write(tmp_path, "words.md", f"# Words\n\n{terms}\n")).kind == "article"


def test_an_interview_has_the_card_of_its_folder_and_the_words_of_its_transcript(tmp_path: Path) -> None:
    folder = write_interview(
        tmp_path, LABELLED, name="transcript.md", more="illustrative: true\nvideo: https://v.org/1"
    )

    source = read_one(folder)

    assert (source.id, source.kind, source.title) == ("clouds", "interview", "A Talk About Clouds")
    assert (source.guest, source.host, source.illustrative) == ("Ada Lowe", "Ben Ray", True)
    assert source.summary == "Ada Lowe explains clouds to Ben Ray."
    assert source.text.startswith("Clouds are water.")
    assert source.path.endswith("transcript.md")


def test_what_the_card_says_below_its_front_matter_comes_before_the_talk(tmp_path: Path) -> None:
    folder = write_interview(tmp_path, LABELLED, name="transcript.md", more="---\n\n## Who\n\nTwo friends.\n\n")

    source = read_one(folder)

    assert source.text.startswith("Two friends.\n\nClouds are water.")
    assert source.sections[0].headings == ("Who",)
    assert said(source)[1][2] == "Do they fall?"
    assert source.text[source.time_marks[0].at :].startswith("Do they fall?")


def test_a_pending_transcript_leaves_the_summary_and_the_body(tmp_path: Path) -> None:
    card = "---\ntitle: T\nsummary: Ada talks.\ntranscript: pending\n---\n\nIn May.\n"
    write(tmp_path, "interviews/clouds/interview.md", card)

    source = read_one(tmp_path)

    assert (source.kind, source.text, source.turns) == ("interview", "Ada talks.\n\nIn May.", ())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there is no transcript"),
        ({"transcript.md": LABELLED, "transcript.txt": LABELLED}, "there are two transcripts"),
        ({"transcript.md": LABELLED, "transcript.en.md": LABELLED}, "no part of the interview"),
        ({"transcript.md": "Just words.\n\nAnd more.\n"}, "no line says who speaks"),
        ({"transcript.md": "**Ada:** [laughs]\n"}, "nothing is said"),
        ({"transcript.md": " \n"}, "the file is empty"),
    ],
)
def test_an_interview_without_its_words_is_a_complaint(tmp_path: Path, files: dict[str, str], said: str) -> None:
    write(tmp_path, "clouds/interview.md", "---\ntitle: T\n---\n")
    for name, text in files.items():
        write(tmp_path, f"clouds/{name}", text)

    with pytest.raises(CorpusErrors, match=said):
        read_corpus([tmp_path])


def test_a_transcript_that_came_is_no_longer_pending(tmp_path: Path) -> None:
    folder = write_interview(tmp_path, LABELLED, name="transcript.md", more="transcript: pending")

    with pytest.raises(CorpusErrors, match=r"interview\.md:6: transcript is not transcript\.md"):
        read_corpus([folder])


def test_a_card_is_that_of_an_interview(tmp_path: Path) -> None:
    folder = write_interview(tmp_path, LABELLED, name="transcript.md", more="kind: article")

    with pytest.raises(CorpusErrors, match=r"interview\.md:6: a card of an interview has the kind 'article'"):
        read_corpus([folder])


def test_one_file_may_be_card_and_transcript(tmp_path: Path) -> None:
    page = f"---\nkind: interview\ntitle: Clouds\nguest: Ada\n---\n\n{LABELLED}"

    source = read_one(write(tmp_path, "clouds.md", page))

    assert (source.kind, source.title, len(source.turns)) == ("interview", "Clouds", 4)
