from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.chunk import passages_of
from bot.reading.corpus import read_corpus
from bot.records import Term
from tests.reading.corpus_files import read_one, write, write_interview

if TYPE_CHECKING:
    from pathlib import Path

INTRODUCTION = "A weather twin can sound like a dream, but it is a model made of many measurements of the sky."

# A page as it reads when its text is copied, with the quirks of such pages: bare headings, the introduction twice,
# a section with nothing in it, cards that run together.
COPIED = f"""\
What Is a Weather Twin?
{INTRODUCTION}
Video coming soon
The film of this page will be here when it is ready.
Plain-English explanation
{INTRODUCTION}
Why it matters
Storms are rare, and a farmer who plans ahead can lose less of the harvest than one who waits.
Who keeps the diary
A neighbor keeps it, and the school helps on the days when the neighbor is away from home.
How it works
People write down rain, wind and light. A machine draws the next day from them.
Infographic
Key terms
Gauge: A glass that catches rain.
Related interviews and articles
Ada Lowe on Rain, Wind & Light
Dr. Ada Lowe
Ada sits down with Ben to talk about the sky. In this episode...
Watch InterviewHow Storms Could Change Farming
Storms are often short. Reading the sky may help farmers.
Why it matters: Farms need a plan even when the sky is hard to read.
Source: The village paper
ReadA Last Card Without Words
Read"""

SAVED = """\
<!doctype html><html><head><title>Tab | Site</title>
<link rel="canonical" href="https://example.org/sky?page=1"></head>
<body><nav><a href="/">Home</a> <a href="/about">About us</a></nav>
<main><article><h1>All About the Sky</h1>
<p>The sky is what is <b>above</b> us &amp; around us. It changes every single day of the year.</p>
<h2 id="rain">Rain - and why it falls</h2>
<p>Rain is water that falls, a drop-by-drop story, as <a href="/x">clouds</a> grow heavy. See Fig. 2 for a drawing.</p>
<ul><li>A drop is small.</li><li>A puddle is not.</li></ul>
</article></main><footer>Copyright, all rights reserved.</footer></body></html>
"""


def test_a_copied_page_keeps_its_sections_and_says_nothing_twice(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "what-is-a-weather-twin.txt", COPIED))

    assert (source.id, source.kind, source.title) == ("what-is-a-weather-twin", "explainer", "What Is a Weather Twin?")
    assert [(part.headings[0], part.role) for part in source.sections] == [
        ("Video coming soon", "other"),
        ("Plain-English explanation", "what"),
        ("Why it matters", "why"),
        ("Who keeps the diary", "other"),
        ("How it works", "how"),
        ("Key terms", "other"),
    ]
    assert source.text.count(INTRODUCTION) == 1
    assert "Infographic" not in source.text
    assert "Ada Lowe" not in source.text
    assert source.key_terms == (Term("Gauge", "A glass that catches rain."),)


def test_the_video_slot_is_a_passage_of_its_own(tmp_path: Path) -> None:
    passage = passages_of(read_one(write(tmp_path, "twin.txt", COPIED)))[0]

    assert passage.text == "Video coming soon\n\nThe film of this page will be here when it is ready."
    assert passage.url == "/explainers/twin#video-coming-soon"


def test_cards_that_run_together_come_apart(tmp_path: Path) -> None:
    cards = read_one(write(tmp_path, "twin.txt", COPIED)).related_cards

    assert [(card.kind, card.title, card.guest) for card in cards] == [
        ("interview", "Ada Lowe on Rain, Wind & Light", "Dr. Ada Lowe"),
        ("article", "How Storms Could Change Farming", None),
        ("article", "A Last Card Without Words", None),
    ]
    assert cards[0].summary == "Ada sits down with Ben to talk about the sky. In this episode..."
    assert cards[1].summary == "Storms are often short. Reading the sky may help farmers."
    assert cards[1].why_it_matters == "Farms need a plan even when the sky is hard to read."
    assert cards[1].credit == "The village paper"


def test_a_card_with_the_title_of_a_source_points_to_it(tmp_path: Path) -> None:
    write(tmp_path, "twin.txt", COPIED)
    folder = write_interview(tmp_path, "**Ada:** Rain.\n", name="transcript.md")
    write(folder, "interview.md", "---\ntitle: Ada Lowe on Rain, Wind & Light\n---\n")

    cards = {source.id: source.related_cards for source in read_corpus([tmp_path])}["twin"]

    assert [card.source_id for card in cards] == ["clouds", None, None]


def test_a_plain_page_without_the_known_sections_is_an_article(tmp_path: Path) -> None:
    page = "A Day Outside\n\nWe went out.\n\nIt rained all day, so that nobody could see the hills beyond.\n"

    source = read_one(write(tmp_path, "day.txt", page))

    assert (source.kind, source.title) == ("article", "A Day Outside")
    assert source.text == "We went out.\n\nIt rained all day, so that nobody could see the hills beyond."


def test_a_line_that_nobody_sees_is_no_line(tmp_path: Path) -> None:
    page = "A Day Outside\n\n\u200b\n\nThe Hills\n\nIt rained all day, so that nobody could see the hills beyond.\n"

    assert "It rained all day" in read_one(write(tmp_path, "day.txt", page)).text


def test_lines_broken_to_fit_a_width_are_joined(tmp_path: Path) -> None:
    page = (
        "A Day Outside\n\n"
        "We went out into a field that lay behind the house of\nan old friend who had kept bees there for more than\n"
        "Twenty years, since the day that the two of them sold\nhoney.\n\nThen it rained.\n"
    )

    assert read_one(write(tmp_path, "day.txt", page)).text == (
        "We went out into a field that lay behind the house of an old friend who had kept bees there for more than "
        "Twenty years, since the day that the two of them sold honey.\n\nThen it rained."
    )


def test_a_page_that_begins_with_a_paragraph_is_named_after_its_file(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "a-day_outside.txt", "We went out.\n\nIt rained.\n"))

    assert (source.title, source.text) == ("A day outside", "We went out.\n\nIt rained.")


def test_a_saved_page_keeps_its_main_text_and_its_headings(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "sky.html", SAVED))

    assert (source.id, source.kind, source.title) == ("sky", "article", "All About the Sky")
    assert source.url == "https://example.org/sky?page=1"
    assert source.sections[1].headings == ("Rain - and why it falls",)
    assert source.text.endswith("See Fig. 2 for a drawing.\n\nA drop is small.\nA puddle is not.")
    assert "About us" not in source.text
    assert "Copyright" not in source.text


def test_a_saved_page_is_linked_by_its_words(tmp_path: Path) -> None:
    passages = passages_of(read_one(write(tmp_path, "sky.html", SAVED)))

    assert passages[1].url == (
        "https://example.org/sky?page=1#:~:text=Rain%20is%20water%20that%20falls%2C%20a%20drop%2Dby%2Ddrop%20story%2C"
    )


def test_a_saved_page_with_the_known_sections_is_an_explainer(tmp_path: Path) -> None:
    body = "".join(
        f"<h2>{title}</h2><p>{title} is told here in some words, so that a reader can find them again.</p>"
        for title in ("Plain-English explanation", "Why it matters", "How it works")
    )

    source = read_one(write(tmp_path, "sky.html", f"<html><body><main><h1>The Sky</h1>{body}</main></body></html>"))

    assert source.kind == "explainer"
    assert [part.role for part in source.sections] == ["what", "why", "how"]


def test_the_transcript_pages_of_podcasts_are_talks(tmp_path: Path) -> None:
    page = (
        "<cite>Ada:</cite>\n<time>0:05</time>\n<p>It&#39;s rain.</p>\n"
        "<cite>Ada:</cite>\n<time>0:09</time>\n<p>It falls.</p>\n<cite>Ben:</cite>\n<time>1:02</time>\n<p>Why?</p>\n"
    )

    source = read_one(write(tmp_path, "talk.html", page))

    assert source.kind == "interview"
    assert [(turn.speaker, turn.start_s, source.text[slice(*turn.span)]) for turn in source.turns] == [
        ("Ada", 5.0, "It's rain.\n\nIt falls."),
        ("Ben", 62.0, "Why?"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "Only a Title\n", "no text below the title"),
        ("a.html", "<html><body></body></html>", "no text is found"),
    ],
)
def test_a_page_without_words_is_a_complaint(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(CorpusErrors, match=said):
        read_corpus([write(tmp_path, name, text)])
