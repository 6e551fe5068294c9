from __future__ import annotations

import pytest

from bot.reading.links import deep_link, is_safe_link, time_anchors, with_text_fragment, with_time
from bot.records import Section, Sentence, Source, SpokenTurn, TimeMark

TEXT = "It rains. It pours."


def source(**fields: object) -> Source:
    base = {"id": "a b", "kind": "explainer", "title": "T", "text": TEXT, "path": "a.md", "digest": ""}
    return Source(**{**base, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://example.org/a?b#c", True),
        ("http://example.org", True),
        ("/explainers/a#b", True),
        ("//example.org", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("mailto:a@example.org", False),
        ("https:///nowhere", False),
        ("https://[broken", False),
        ("example.org", False),
        ("/\\example.org", False),
        ("", False),
    ],
)
def test_only_web_links_and_paths_of_our_own_may_be_shown(link: str, safe: bool) -> None:
    assert is_safe_link(link) is safe


@pytest.mark.parametrize(
    ("url", "timed"),
    [
        ("https://www.youtube.com/watch?v=x1&list=y", "https://www.youtube.com/watch?v=x1&list=y&t=75"),
        ("https://www.youtube.com/watch?v=x1&t=3", "https://www.youtube.com/watch?v=x1&t=75"),
        ("https://youtu.be/x1", "https://youtu.be/x1?t=75"),
        ("https://vimeo.com/12", "https://vimeo.com/12#t=75s"),
        ("https://player.vimeo.com/video/12?h=a", "https://player.vimeo.com/video/12?h=a#t=75s"),
        ("https://example.org/talk.mp4", "https://example.org/talk.mp4#t=75"),
        ("/media/talk", "/media/talk?t=75"),
    ],
)
def test_a_video_is_linked_at_its_second(url: str, timed: str) -> None:
    assert with_time(url, 75) == timed


def test_a_text_fragment_has_the_first_words_with_every_sign_escaped() -> None:
    link = with_text_fragment("https://example.org/", "A well-known drug, 5 & 6: one two three four\nfive")

    assert link == "https://example.org/#:~:text=A%20well%2Dknown%20drug%2C%205%20%26%206%3A%20one%20two"
    assert with_text_fragment("https://example.org/#a", "B") == "https://example.org/#a:~:text=B"


def test_a_section_is_linked_by_its_anchor() -> None:
    sections = (Section((), None, "what", (0, 9)), Section(("How",), "how", "how", (10, 19)))

    assert deep_link(source(sections=sections), Sentence((0, 9))) == "/explainers/a%20b"
    assert deep_link(source(sections=sections), Sentence((10, 19))) == "/explainers/a%20b#how"
    elsewhere = source(sections=sections, url="https://example.org/p#top")
    assert deep_link(elsewhere, Sentence((10, 19))) == "https://example.org/p#how"


def test_an_article_is_linked_by_its_words_and_a_line_of_a_data_set_by_its_page() -> None:
    article = source(kind="article", url="https://example.org/p")

    assert deep_link(article, Sentence((10, 19))) == "https://example.org/p#:~:text=It%20pours."
    line = source(kind="article", url="https://example.org/p", path="x/corpus.jsonl:3")
    assert deep_link(line, Sentence((10, 19))) == "https://example.org/p"
    assert deep_link(source(kind="article"), Sentence((0, 9))) == "/explainers/a%20b"


def test_a_talk_is_linked_by_its_second_where_its_turn_has_one_and_else_by_its_turn() -> None:
    turns = (SpokenTurn("Ada", 65.5, (0, 9)), SpokenTurn("Ben", 65.5, (10, 19)))
    talk = source(kind="interview", turns=turns, time_marks=(TimeMark(0, 65.5),))

    assert deep_link(talk, Sentence((0, 9), "Ada", 65.5)) == "/interviews/a%20b#t=65"
    assert deep_link(talk, Sentence((10, 19), "Ben", 65.5)) == "/interviews/a%20b#turn-2"
    filmed = source(kind="interview", turns=turns, time_marks=(TimeMark(0, 65.5),), video="https://youtu.be/x")
    assert deep_link(filmed, Sentence((10, 19), "Ben", 65.5)) == "https://youtu.be/x?t=65"
    assert deep_link(source(kind="interview", turns=turns), Sentence((10, 19), "Ben")) == "/interviews/a%20b#turn-2"


def test_every_second_has_one_anchor_where_it_begins() -> None:
    marks = (TimeMark(0, 1.0), TimeMark(4, 1.9), TimeMark(10, 7.2))

    assert time_anchors(source(time_marks=marks)) == [(0, "t=1"), (10, "t=7")]
