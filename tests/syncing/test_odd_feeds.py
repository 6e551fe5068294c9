"""Feeds as they are in the wild: without ids, with odd dates, wrongly named encodings and links of half a length."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import FeedError
from bot.syncing.dates import time_of
from bot.syncing.entry import Document
from bot.syncing.feed import read_feed
from tests.syncing.published import Desk, item, json_feed, rss

WORDS = "Небо над нами меняется каждый день."
RUSSIAN = (
    "<rss version='2.0'><channel><title>T</title><item><guid>1</guid><title>Небо</title>"
    f"<description>{WORDS}</description></item></channel></rss>"
)


@pytest.mark.parametrize(
    "links",
    [
        ("https://t.example/1?token=aaa", "https://t.example/1?token=bbb"),
        ("https://t.example/1?sid=ab&x=1", "https://t.example/1?sid=cd&x=1"),
        ("https://t.example/1?utm_source=a", "https://t.example/1"),
        ("https://t.example/1?expires=1790000000", "https://t.example/1?expires=1790003600"),
        ("https://t.example/a7f3/1", "https://t.example/b8e2/1"),
        ("http://t.example/1", "https://t.example/1"),
    ],
)
def test_an_entry_without_an_id_is_the_same_when_its_title_and_date_are(desk: Desk, links: tuple[str, str]) -> None:
    for link, done in zip((*links, links[0]), ("added", None, None), strict=True):
        page = "<p>Boats rest here.</p>"
        report = desk.report(desk.publish(rss(item("Harbours", guid="", link=link, description=page))))
        assert done in (None, report["Harbours"])

    assert list(desk.sources()) == ["harbours"]


def test_a_link_that_changes_in_its_token_alone_changes_no_file(desk: Desk) -> None:
    for token in ("aaa", "bbb", "ccc"):
        link = f"https://t.example/1?token={token}"
        report = desk.report(desk.publish(rss(item("Harbours", guid="", link=link, description="Boats rest here."))))

    assert report == {"Harbours": "unchanged"}
    assert desk.sources()["harbours"].url == "https://t.example/1?token=aaa"


def test_pages_told_apart_by_a_number_are_two(desk: Desk) -> None:
    for number in (12, 13):
        words = f"Boats rest at pier {number}."
        one = item("News", guid="", pubDate="", link=f"https://t.example/?p={number}", description=words)
        desk.report(desk.publish(rss(one)))

    assert len(desk.sources()) == 2


def test_two_entries_of_one_title_and_date_in_one_feed_are_two(desk: Desk) -> None:
    both = [item("News", guid="", link=f"https://t.example/{name}", description=f"Pier {name}.") for name in "ab"]

    desk.report(desk.publish(rss(*both)))

    assert len(desk.sources()) == 2


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2016/6/29 15:07:41", "2016-06-29T15:07:41+00:00"),
        ("2016/06/29", "2016-06-29T00:00:00+00:00"),
        ("2016.6.29 15:07", "2016-06-29T15:07:00+00:00"),
        ("2016-6-9 5:07:41 +0200", "2016-06-09T03:07:41+00:00"),
        ("2016-06-29T15:07:41.123Z", "2016-06-29T15:07:41+00:00"),
        ("2016-06-29T15:07:41-05:00", "2016-06-29T20:07:41+00:00"),
        ("Wed, 29 Jun 2016 15:07:41 +0200", "2016-06-29T13:07:41+00:00"),
        ("29 Jun 2016 15:07:41 GMT", "2016-06-29T15:07:41+00:00"),
        ("Wed, 29 Jun 2016 15:07:41 EST", "2016-06-29T20:07:41+00:00"),
        ("29.06.2016 15:07", "2016-06-29T15:07:00+00:00"),
        ("29/06/2016 15:07:41", "2016-06-29T15:07:41+00:00"),
        ("6/29/2016 3:07:41 PM", "2016-06-29T15:07:41+00:00"),
        ("2016年6月29日 15:07", "2016-06-29T15:07:00+00:00"),
        ("2016년 6월 29일", "2016-06-29T00:00:00+00:00"),
        ("20160629", "2016-06-29T00:00:00+00:00"),
        ("1467212861", "2016-06-29T15:07:41+00:00"),
        ("1467212861000", "2016-06-29T15:07:41+00:00"),
        ("Jun 29, 2016 3:07 PM", "2016-06-29T15:07:00+00:00"),
        ("29 Jun 2016 12:07 AM", "2016-06-29T00:07:00+00:00"),
        ("29-Jun-2016", "2016-06-29T00:00:00+00:00"),
        ("Wed, 29 Jun 2016", "2016-06-29T00:00:00+00:00"),
        ("Wed, 29 Jun 2016 15:07:41 CEST", "2016-06-29T13:07:41+00:00"),
        ("Wed, 29 Jun 2016 15:07:41 JST", "2016-06-29T06:07:41+00:00"),
        ("Wed, 29 Jun 2016 15:07:41 IST", None),
        ("Wed, 29 Jun 2016 25:07:41 GMT", None),
        ("29 juin 2016", None),
        ("Sat, 29 Feb 2015 10:00:00 GMT", None),
        ("06/07/2016", None),
        ("2016-02-30", None),
        ("2016/13/01", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_it_is_meant_or_not_at_all(written: str, read: str | None) -> None:
    feed = read_feed(Document(rss(item("T", pubDate=written)).encode(), "u"), "u")

    assert time_of(written) == read
    assert feed.entries[0].published == read


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (f'\n<?xml version="1.0" encoding="windows-1251"?>{RUSSIAN}'.encode("cp1251"), ""),
        (f' \r\n\t<?xml version="1.0" encoding="windows-1251"?>\n{RUSSIAN}'.encode("cp1251"), "text/xml"),
        (f'<?xml version="1.0" encoding="windows-1251"?>{RUSSIAN}'.encode("cp1251"), "application/rss+xml"),
        (f'<?xml version="1.0" encoding="koi8-r"?>{RUSSIAN}'.encode("koi8-r"), ""),
        (f'<?xml version="1.0" encoding="utf-16"?>{RUSSIAN}'.encode(), ""),
        (f'<?xml version="1.0" encoding="utf-16"?>{RUSSIAN}'.encode("utf-16"), ""),
        (f'<?xml version="1.0" encoding="utf-8"?>{RUSSIAN}'.encode("utf-16-le"), ""),
        (f'<?xml version="1.0"?>{RUSSIAN}'.encode(), "text/xml; charset=iso-8859-1"),
        (f'<?xml version="1.0" encoding="iso-8859-1"?>{RUSSIAN}'.encode(), "text/xml"),
        (b"\xef\xbb\xbf\n" + f'<?xml version="1.0" encoding="utf-8"?>{RUSSIAN}'.encode(), ""),
        (b"\xef\xbb\xbf" + f'<?xml version="1.0" encoding="windows-1251"?>{RUSSIAN}'.encode(), ""),
        (RUSSIAN.encode("cp1251"), 'text/xml; charset="windows-1251"'),
        (RUSSIAN.encode(), ""),
    ],
)
def test_a_feed_is_read_in_the_encoding_that_it_has(body: bytes, media_type: str) -> None:
    (entry,) = read_feed(Document(body, "https://t.example/feed", media_type), "u").entries

    assert (entry.title, entry.summary) == ("Небо", WORDS)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b'<?xml version="1.0" encoding="utf-8"?>\n<rss><channel>\n<title>Caf\xe9</title></channel></rss>', "line 3"),
        (b'<?xml version="1.0" encoding="klingon-1"?><rss/>', "klingon-1"),
        (b'<?xml version="1.0" encoding="base64"?><rss>\xe9</rss>', "no encoding"),
        (b'<?xml version="1.0" encoding="ascii"?><rss>\x81</rss>', "line 1"),
    ],
)
def test_a_feed_that_is_not_in_its_encoding_is_refused(body: bytes, complaint: str) -> None:
    with pytest.raises(FeedError, match=complaint):
        read_feed(Document(body, "https://t.example/feed"), "u")


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/posts/1", "https://site.example/posts/1"),
        ("posts/1", "https://site.example/blog/posts/1"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("?p=1", "https://site.example/blog/?p=1"),
        ("https://other.example/1", "https://other.example/1"),
    ],
)
def test_a_relative_link_is_of_the_channels_site(link: str, whole: str) -> None:
    head = "<link>https://site.example/blog/</link>"
    feed = read_feed(Document(rss(item("T", link=link), head=head).encode(), "https://feeds.example/x"), "u")
    as_json = json.loads(json_feed({"id": "1", "title": "T", "url": link})) | {
        "home_page_url": "https://site.example/blog/"
    }

    assert feed.entries[0].url == whole
    assert read_feed(Document(json.dumps(as_json).encode(), "https://feeds.example/x"), "u").entries[0].url == whole


def test_a_base_of_its_own_comes_first() -> None:
    head = "<link>https://site.example/</link>"
    text = rss(item("T", link="/posts/1"), head=head).replace("<rss ", '<rss xml:base="https://base.example/" ')

    assert (
        read_feed(Document(text.encode(), "https://feeds.example/x"), "u").entries[0].url
        == "https://base.example/posts/1"
    )


def test_a_feed_in_a_file_still_has_its_transcripts_beside_it(desk: Desk) -> None:
    from tests.syncing.published import VTT, transcript

    head = "<link>https://site.example/</link>"
    one = item("Harbours", link="/1", parts=transcript("talk.vtt", "text/vtt"))
    path: Path = desk.publish(rss(one, head=head), talk_vtt=VTT)

    assert desk.report(path) == {"Harbours": "added"}
    assert desk.sources()["harbours"].url == "https://site.example/1"
