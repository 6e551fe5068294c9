"""A published video fills the explainer that said "Video coming soon", and nothing else in its file changes."""

from __future__ import annotations

import pytest

from tests.syncing.published import Desk, atom, entry, item, json_feed, rss

WATCH = "https://www.youtube.com/watch?v=abc-DEF_123"
FILM = "https://films.example/harbours.mp4"
PLAYER = '<enclosure url="{}" type="video/mp4" length="1"/>'


def line_of(raw: bytes) -> list[str]:
    return [line for line in raw.decode().splitlines() if line.startswith("video")]


@pytest.mark.parametrize("video", ["", "video:\n", "video: null\n", "video: ~   # to be filmed\n", 'video: ""\n'])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_only_the_line_of_the_video_changes(desk: Desk, video: str, ends: str) -> None:
    path = desk.explainer(video=video)
    before = path.read_bytes().replace(b"\n", ends.encode())
    path.write_bytes(before)
    assert desk.report(desk.publish(rss(item("What is a harbour?", parts=PLAYER.format(FILM))))) == {
        "What is a harbour?": "video filled"
    }
    after = path.read_bytes()
    comment = "   # to be filmed" if "#" in video else ""
    line = f"video: {FILM}{comment}{ends}".encode()
    assert line in after
    old = (video.replace("\n", ends)).encode()
    assert after.replace(line, b"") == (before.replace(old, b"", 1) if old else before)
    assert desk.sources()["harbours"].video == FILM


@pytest.mark.parametrize(
    "feed",
    [
        rss(item("A film", link="https://foundation.example/learn/harbours/", parts=PLAYER.format(WATCH))),
        rss(item("A film", link="http://www.foundation.example/learn/harbours#top", parts=PLAYER.format(WATCH))),
        rss(item("A film", guid="harbours", link="https://youtu.be/abc-DEF_123")),
        rss(item("A film", guid="https://foundation.example/learn/harbours", link=WATCH)),
        rss(item("what is a HARBOUR", link=WATCH)),
        atom(entry("What is a harbour?", parts=f'<link rel="alternate" href="{WATCH}"/>')),
        json_feed({"id": "1", "title": "What is a harbour?", "url": WATCH}),
        json_feed(
            {
                "id": "1",
                "url": "https://foundation.example/learn/harbours",
                "content_html": '<p>See</p><iframe src="https://www.youtube-nocookie.com/embed/abc-DEF_123"></iframe>',
            }
        ),
    ],
    ids=["link", "like-link", "id", "guid", "title", "atom", "json", "embedded"],
)
def test_an_entry_is_matched_by_link_id_or_title(desk: Desk, feed: str) -> None:
    path = desk.explainer()
    assert list(desk.report(desk.publish(feed)).values()) == ["video filled"]
    assert line_of(path.read_bytes()) == [f"video: {WATCH}"]
    assert list(desk.sources()) == ["harbours"]


def test_a_video_of_nothing_we_explain_is_an_interview_that_waits(desk: Desk) -> None:
    path = desk.explainer()
    feed = desk.publish(rss(item("Ships", link="https://vimeo.com/123", description="About ships.")))
    assert desk.report(feed) == {"Ships": "added"}
    assert line_of(path.read_bytes()) == []
    assert desk.sources()["ships"].video == "https://vimeo.com/123"


def test_a_video_that_an_editor_chose_is_left_alone(desk: Desk) -> None:
    path = desk.explainer(video="video: https://vimeo.com/9\n")
    before = path.read_bytes()
    assert desk.report(desk.publish(rss(item("Harbours", link=WATCH)))) == {"Harbours": "left alone"}
    assert path.read_bytes() == before


def test_a_video_that_the_feed_changes_is_changed_if_the_feed_had_filled_it(desk: Desk) -> None:
    path = desk.explainer()
    desk.report(desk.publish(rss(item("Harbours", link=WATCH))))
    desk.report(desk.publish(rss(item("Harbours", link="https://vimeo.com/7"))))
    assert line_of(path.read_bytes()) == ["video: https://vimeo.com/7"]


def test_a_withdrawn_video_is_taken_out_again(desk: Desk) -> None:
    path = desk.explainer(video="video: null\n")
    before = path.read_bytes()
    old = item("Ships", day=1, description="Old.")
    desk.report(desk.publish(rss(item("Harbours", day=2, link=WATCH), old)))
    assert desk.report(desk.publish(rss(old))) == {"Harbours": "video removed", "Ships": "unchanged"}
    assert path.read_bytes() == before


def test_two_links_in_the_text_are_no_video_of_the_entry(desk: Desk) -> None:
    path = desk.explainer()
    links = f'<a href="{WATCH}">a</a> <a href="https://vimeo.com/7">b</a>'
    desk.report(desk.publish(json_feed({"id": "1", "title": "Harbours", "content_html": f"<p>Two {links}.</p>"})))
    assert line_of(path.read_bytes()) == []


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://youtube.com.evil.example/watch?v=abcdefgh", "//x/y"])
def test_what_is_no_link_to_a_video_is_never_filled_in(desk: Desk, link: str) -> None:
    path = desk.explainer()
    desk.sync(desk.publish(rss(item("Harbours", link=link, parts=PLAYER.format("javascript:alert(1)")))))
    assert line_of(path.read_bytes()) == []


def test_a_field_over_several_lines_is_not_touched_but_named(desk: Desk) -> None:
    path = desk.explainer(video="video:\n  null\n")
    before = path.read_bytes()
    ran = desk.sync(desk.publish(rss(item("Harbours", link=WATCH))))
    assert ran.exit_code == 1
    assert "video is not on a line of its own" in ran.stdout
    assert path.read_bytes() == before
