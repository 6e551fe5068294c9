"""Feeds in every format become sources that ``ingest`` reads."""

from __future__ import annotations

import json

import pytest

from tests.syncing.published import (
    EPISODE,
    SAID,
    TRANSCRIPTS,
    VTT,
    Desk,
    atom,
    entry,
    item,
    json_feed,
    rss,
    said_in,
    transcript,
)

PAGE = (
    "<p>Boats rest <b>here</b>.</p><h2>How it works</h2><p>Walls keep out waves &amp; wind.</p>"
    "<ul><li>A wall</li><li>A lamp</li></ul>"
)
READ = "Boats rest here.\n\nWalls keep out waves & wind.\n\nA wall\nA lamp"


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_an_episode_with_a_transcript_becomes_an_interview_with_speakers_and_times(desk: Desk, name: str) -> None:
    text, kind = TRANSCRIPTS[name]
    feed = desk.publish(rss(item("Harbours", parts=transcript(name, kind))), **{name.replace(".", "_"): text})
    assert desk.report(feed) == {"Harbours": "added"}
    source = desk.sources()["harbours"]
    assert source.kind == "interview"
    assert said_in(source) == SAID
    assert "steal" not in json.dumps([one.decode() for one in desk.files().values()])


def test_the_card_says_who_talks_and_where_the_page_is(desk: Desk) -> None:
    desk.report(desk.publish(rss(EPISODE), talk_vtt=VTT))
    source = desk.sources()["ada-lowe-on-harbours"]
    assert (source.guest, source.host) == ("Ada Lowe", "Bo Hill")
    assert source.url == "https://talks.example/1"
    assert source.summary == "Ada Lowe talks about harbours."
    assert source.recorded_on == "2026-10-01"


def test_json_feed_has_its_transcript_among_the_attachments(desk: Desk) -> None:
    attachments = [
        {"url": "https://talks.example/1.mp3", "mime_type": "audio/mpeg"},
        {"url": "talk.vtt", "mime_type": "text/vtt"},
    ]
    feed = desk.publish(json_feed({"id": 1, "title": "Harbours", "attachments": attachments}), talk_vtt=VTT)
    assert desk.report(feed) == {"Harbours": "added"}
    assert said_in(desk.sources()["harbours"]) == SAID


def test_json_feed_may_have_its_transcripts_in_an_object_of_its_own(desk: Desk) -> None:
    more = {
        "transcripts": [{"url": "talk.vtt", "type": "text/vtt"}],
        "persons": [{"name": "Ada Lowe", "role": "guest"}],
    }
    desk.report(desk.publish(json_feed({"id": "a", "title": "Harbours", "_podcast": more}), talk_vtt=VTT))
    assert said_in(desk.sources()["harbours"]) == SAID
    assert desk.sources()["harbours"].guest == "Ada Lowe"


def test_atom_has_podcasting_elements_too(desk: Desk) -> None:
    desk.report(desk.publish(atom(entry("Harbours", parts=transcript("talk.vtt", "text/vtt"))), talk_vtt=VTT))
    assert said_in(desk.sources()["harbours"]) == SAID


@pytest.mark.parametrize(
    "feed",
    [
        rss(item("Harbours", parts=f"<content:encoded><![CDATA[{PAGE}]]></content:encoded>")),
        rss(item("Harbours", description=PAGE)),
        atom(entry("Harbours", parts=f'<content type="html"><![CDATA[{PAGE}]]></content>')),
        json_feed({"id": "a", "title": "Harbours", "content_html": PAGE}),
    ],
    ids=["rss", "description", "atom", "json"],
)
def test_an_article_becomes_a_source_with_the_same_words(desk: Desk, feed: str) -> None:
    assert desk.report(desk.publish(feed)) == {"Harbours": "added"}
    source = desk.sources()["harbours"]
    assert (source.kind, source.title, source.text) == ("article", "Harbours", READ)
    assert [section.headings for section in source.sections] == [(), ("How it works",)]


def test_a_plain_text_article_keeps_its_paragraphs(desk: Desk) -> None:
    words = "Boats *rest* here.\n\n# no heading\n\n1. no <b>list</b>"
    desk.report(desk.publish(json_feed({"id": "a", "title": "Harbours", "content_text": words})))
    assert desk.sources()["harbours"].text == words


def test_words_that_look_like_markup_stay_words(desk: Desk) -> None:
    words = r"[a](b) **c** `d` &amp; <e> - f --- \g 1) h"
    html = "".join(f"<p>{one.replace('&', '&amp;').replace('<', '&lt;')}</p>" for one in (words, "- x", "===", "# y"))
    desk.report(desk.publish(json_feed({"id": "a", "title": "---", "summary": "S: 'x' # y", "content_html": html})))
    (source,) = desk.sources().values()
    assert source.text == f"S: 'x' # y\n\n{words}\n\n- x\n\n===\n\n# y"


def test_an_episode_without_a_transcript_waits_for_one_and_then_has_it(desk: Desk) -> None:
    sound = '<enclosure url="https://talks.example/1.mp3" type="audio/mpeg" length="1"/>'
    desk.report(desk.publish(rss(item("Harbours", description="About harbours.", parts=sound))))
    assert desk.sources()["harbours"].text == "About harbours."
    parts = sound + transcript("talk.vtt", "text/vtt")
    feed = desk.publish(rss(item("Harbours", description="About harbours.", parts=parts)), talk_vtt=VTT)
    assert desk.report(feed) == {"Harbours": "updated"}
    assert said_in(desk.sources()["harbours"]) == SAID


def test_an_entry_with_a_summary_alone_is_quoted_for_that(desk: Desk) -> None:
    desk.report(desk.publish(rss(item("Harbours", description="About harbours."))))
    assert desk.sources()["harbours"].text == "About harbours."


def test_an_entry_with_a_title_alone_has_nothing_to_quote(desk: Desk) -> None:
    assert desk.report(desk.publish(rss(item("Harbours", link="https://talks.example/1")))) == {
        "Harbours": "nothing to quote"
    }


def test_a_transcript_in_another_language_is_not_taken(desk: Desk) -> None:
    parts = transcript("talk.vtt", "text/vtt", language="es") + transcript("talk.srt", "application/x-subrip")
    desk.report(desk.publish(rss(item("Harbours", parts=parts)), talk_vtt="no", talk_srt=TRANSCRIPTS["talk.srt"][0]))
    assert said_in(desk.sources()["harbours"]) == SAID


def test_a_talk_with_a_translation_alone_waits_for_its_own_transcript_and_says_so(desk: Desk) -> None:
    sound = '<enclosure url="https://talks.example/1.mp3" type="audio/mpeg" length="1"/>'
    parts = sound + transcript("talk.vtt", "text/vtt", language="es")
    ran = desk.sync(desk.publish(rss(item("Harbours", description="About harbours.", parts=parts))))
    assert ran.exit_code == 0
    assert "its transcripts (es) are not in the language of the feed" in ran.stdout
    assert desk.sources()["harbours"].turns == ()


def test_entries_that_all_link_to_one_page_are_sources_each(desk: Desk) -> None:
    items = [item(name, link="https://talks.example/", description=f"About {name}.") for name in ("Boats", "Ships")]
    assert desk.report(desk.publish(rss(*items))) == {"Boats": "added", "Ships": "added"}
    assert desk.report(desk.publish(rss(*items))) == {"Boats": "unchanged", "Ships": "unchanged"}


def test_a_transcript_with_speakers_is_preferred_to_one_without(desk: Desk) -> None:
    nobody = VTT.replace("<v Bo Hill>", "").replace("<v Ada Lowe>", "")
    parts = transcript("talk.vtt", "text/vtt") + transcript("talk.json", "application/json")
    feed = desk.publish(rss(item("Harbours", parts=parts)), talk_vtt=nobody, talk_json=TRANSCRIPTS["talk.json"][0])
    desk.report(feed)
    assert said_in(desk.sources()["harbours"]) == SAID


def test_one_bad_entry_does_not_stop_the_others_and_is_named(desk: Desk) -> None:
    bad = item("Broken", parts=transcript("broken.vtt", "text/vtt"))
    gone = item("Gone", parts=transcript("gone.vtt", "text/vtt"))
    ran = desk.sync(desk.publish(rss(bad, gone, EPISODE), broken_vtt="no captions", talk_vtt=VTT))
    assert ran.exit_code == 1
    assert "failed: Broken - broken.vtt: line 1: the file does not begin with WEBVTT" in ran.stdout
    assert "failed: Gone" in ran.stdout
    assert list(desk.sources()) == ["ada-lowe-on-harbours"]


def test_half_a_character_is_the_fault_of_its_entry_alone(desk: Desk) -> None:
    bad = '{"id": "1", "title": "Half \\ud800", "content_text": "A."}'
    feed = json_feed({"id": "2", "title": "Whole", "content_text": "B."}).replace('"items": [', f'"items": [{bad}, ')
    ran = desk.sync(desk.publish(feed))
    assert ran.exit_code == 1
    assert "failed: Half ? - it has half a character" in ran.stdout
    assert list(desk.sources()) == ["whole"]


def test_a_table_in_a_table_loses_no_word(desk: Desk) -> None:
    inner = "<table><tr><td>c</td><td>d</td></tr></table>"
    html = f"<table><tr><td>a</td><td>b {inner} e</td></tr><tr><td>f</td><td>g</td></tr></table>"
    desk.report(desk.publish(json_feed({"id": "1", "title": "Table", "content_html": html})))
    assert desk.sources()["table"].text.split() == ["a", "b", "c", "|", "d", "e", "f", "|", "g"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "the feed is empty"),
        ("<rss " + " ".join(f'a{n}=""' for n in range(600)) + "/>", "more than 500 attributes"),
        ("<!doctype html><html><body>Hi</body></html>", "a web page and no feed"),
        ('{"version": "1"}', "no JSON Feed"),
        ('{"version": ', "not JSON"),
        ("<note>Hi</note>", "no RSS, Atom or JSON feed"),
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><title>&a;</title></channel></rss>', "entities"),
        (rss(EPISODE).replace("</item>", ""), "not well-formed"),
    ],
)
def test_what_is_no_feed_is_refused_with_what_it_is(desk: Desk, text: str, found: str) -> None:
    ran = desk.sync(desk.publish(text))
    assert ran.exit_code == 1
    assert found in ran.stderr
    assert [name for name in desk.files() if not name.startswith(".")] == []


def test_a_feed_in_a_file_cannot_reach_out_of_its_folder(desk: Desk) -> None:
    desk.publish(rss(), secret_vtt=VTT)
    (desk.top / "secret.vtt").write_text(VTT)
    links = ["../secret.vtt", "%2e%2e/secret.vtt", str(desk.top / "secret.vtt"), f"file://{desk.top}/secret.vtt"]
    items = [item(f"No {n}", parts=transcript(link, "text/vtt")) for n, link in enumerate(links)]
    ran = desk.sync(desk.publish(rss(*items)), "--json")
    assert ran.exit_code == 1
    assert [outcome["action"] for outcome in json.loads(ran.stdout)["outcomes"]] == ["failed"] * len(links)


def test_two_entries_of_one_title_get_two_ids(desk: Desk) -> None:
    one, other = (item("Harbours", guid=str(n), description=f"Number {n}.") for n in (1, 2))
    desk.report(desk.publish(rss(one, other)))
    assert {name: source.text for name, source in desk.sources().items()} == {
        "harbours": "Number 1.",
        "harbours-2": "Number 2.",
    }


HOSTILE = """<p onclick="steal()">Words.</p><script>steal()</script><style>p { color: steal }</style>
<iframe src="https://evil.example/steal"></iframe><img src=x onerror=steal()><svg><text>steal</text></svg>
<p style="display:none">steal hidden</p><a href="javascript:steal()">A link</a><div hidden><div>steal</div>steal</div>
<template>steal</template><noscript>steal</noscript><p>Last.</p>"""


@pytest.mark.parametrize(
    "feed",
    [
        rss(item("Page", parts=f"<content:encoded><![CDATA[{HOSTILE}]]></content:encoded>", link="javascript:steal()")),
        json_feed({"id": "a", "title": "Page", "content_html": HOSTILE, "url": "javascript:steal()"}),
    ],
)
def test_of_hostile_html_only_the_words_for_readers_stay(desk: Desk, feed: str) -> None:
    desk.report(desk.publish(feed))
    source = desk.sources()["page"]
    assert source.text == "Words.\n\nA link\n\nLast."
    assert source.url is None
    assert b"steal" not in desk.files()["articles/page.md"]
