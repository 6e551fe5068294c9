"""From plain text and spans to the parts of a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.records import Section, Source, SpokenTurn, TimeMark
from bot.web.reader import Heading, Part, has_video_section, introduction, parts_of

from .sources import all_sources, digital_twins, joined, source


@pytest.mark.parametrize("read", all_sources(), ids=lambda read: read.id)
def test_no_word_of_a_source_is_lost_or_shown_twice(read: Source) -> None:
    shown = " ".join(line for part in parts_of(read) for line in lines(part))
    assert shown.split() == read.text.replace("- ", "").split()


def test_words_outside_all_sections_are_shown_where_they_stand() -> None:
    text, (_, inside, _) = joined(["Before.", "Inside.", "After."])
    parts = parts_of(source("s", "S", text, sections=(Section(("H",), "h", "other", inside),)))
    assert [lines(part)[0] for part in parts] == ["Before.", "Inside.", "After."]
    assert parts[1].heading == Heading("H", 2)


def test_a_heading_that_the_text_repeats_is_shown_once() -> None:
    text = "H\nInside."
    (part,) = parts_of(source("s", "S", text, sections=(Section(("H",), "h", "other", (0, len(text))),)))
    assert (lines(part), part.anchor, part.heading) == (["Inside."], "h", Heading("H", 2))


def test_an_empty_section_is_left_out_unless_it_stands_over_deeper_ones() -> None:
    text, (span,) = joined(["Inside."])
    empty = Section(("Infographic",), "infographic", "other", (0, 0))
    outer = Section(("Outer",), "outer", "other", (0, 0))
    inner = Section(("Outer", "Inner"), "inner", "other", span)
    parts = parts_of(source("s", "S", text, sections=(empty, outer, inner)))
    assert [part.heading for part in parts] == [Heading("Outer", 2), Heading("Inner", 3)]


def test_a_parent_section_that_spans_its_children_does_not_repeat_them() -> None:
    text, (own, child) = joined(["Own words.", "Child's words."])
    sections = (Section(("A",), "a", "other", (0, child[1])), Section(("A", "B"), "b", "other", child))
    parts = parts_of(source("s", "S", text, sections=sections))
    assert [lines(part)[0] for part in parts] == ["Own words.", "Child's words."]
    assert own == (0, 10)


def test_a_chapter_of_a_transcript_stands_over_its_turns() -> None:
    text, (first, second) = joined(["Hello.", "Goodbye."])
    parts = parts_of(
        source(
            "s",
            "S",
            text,
            kind="interview",
            sections=(Section(("Opening",), "opening", "other", (0, len(text))),),
            turns=(SpokenTurn("A", 0.0, first), SpokenTurn("B", 2.5, second)),
        )
    )
    assert [(part.heading and part.heading.text, part.anchor) for part in parts] == [
        ("Opening", "opening"),
        (None, "turn-1"),
        (None, "turn-2"),
    ]


def test_every_time_is_a_place_and_a_time_that_stays_is_shown_once() -> None:
    text, spans = joined(["Hello. How are you?", "Well.", "Good."])
    times = (TimeMark(0, 0.0), TimeMark(7, 5.5), TimeMark(spans[2][0], 90.0))
    turns = tuple(SpokenTurn(*found) for found in zip("ABA", (0.0, 5.5, 90.0), spans, strict=True))
    parts = parts_of(source("s", "S", text, kind="interview", turns=turns, time_marks=times))
    anchors = [piece.anchor for part in parts for block in part.blocks for line in block.lines for piece in line]
    assert anchors == ["t=0", "t=5", None, "t=90"]
    later = [replace(turns[0], start_s=5.5), *turns[1:]]
    parts = parts_of(source("s", "S", text, kind="interview", turns=tuple(later), time_marks=times))
    assert [part.speech and part.speech.start_s for part in parts] == [5.5, None, 90.0]


def test_a_summary_that_the_text_repeats_is_shown_once() -> None:
    assert introduction(digital_twins()) is not None
    assert introduction(source("s", "S", "Same  words\nhere. More.", summary="Same words here.")) is None


def test_a_page_that_says_itself_that_the_video_is_coming_needs_no_second_note() -> None:
    section = Section(("Video coming soon",), "video-coming-soon", "other", (0, 5))
    assert has_video_section(source("s", "S", "Soon.", sections=(section,)))
    assert not has_video_section(digital_twins())


def lines(part: Part) -> list[str]:
    """The text of each line of a part."""
    return ["".join(piece.text for piece in line) for block in part.blocks for line in block.lines]
