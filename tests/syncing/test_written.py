"""What is written reads back as what it was, whatever the words are."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.frontmatter import read_front_matter
from bot.reading.markdown import write_markdown
from bot.reading.pagetext import PageText
from bot.reading.talk import Talk, TalkText
from bot.reading.textfile import TextFile, one_line
from bot.reading.transcript import read_labelled
from bot.syncing.cues import captions_from_json, tidy_captions
from bot.syncing.frontline import with_field
from bot.syncing.markup import page_of_html, plain_line
from bot.syncing.written import front_matter, markdown_of_page, markdown_of_talk

MARKUP = st.sampled_from([*"#*_`~[]()<>!&|\\-+=.:1 \t", "a", "B", "é", "&amp;", "<b>", "---", "1.", "http://x.y"])
WORDS = (st.lists(MARKUP, min_size=1, max_size=12).map("".join) | st.text(min_size=1, max_size=30)).map(
    lambda text: one_line(unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode()))
)
LINES = st.lists(st.tuples(st.sampled_from(["paragraph", "line", "heading"]), WORDS.filter(bool)), max_size=8)


def page(lines: list[tuple[str, str]]) -> PageText:
    written = PageText()
    for kind, words in lines:
        if kind == "heading":
            written.heading(2, words)
        else:
            getattr(written, kind)(words)
    return written


@settings(deadline=None)
@given(LINES)
def test_a_page_reads_back_word_for_word(lines: list[tuple[str, str]]) -> None:
    text, sections = page(lines).finish()
    again = PageText()
    write_markdown(markdown_of_page(text, sections), again, title="A title that no heading has")
    assert again.finish()[0] == text


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "summary", "guest"]), WORDS), st.lists(WORDS.filter(bool), max_size=3))
def test_front_matter_reads_back_word_for_word(values: dict[str, str], tags: list[str]) -> None:
    raw = front_matter({"id": "x", **values, "tags": tags}).encode()
    fields, _, _ = read_front_matter(TextFile(Path("x.md"), "x.md", raw, raw.decode()))
    assert fields is not None
    assert fields.values == {"id": "x"} | {name: value for name, value in {**values, "tags": tags}.items() if value}
    changed = with_field(raw, Path("x.md"), "retired", "2026-11-01")
    assert changed.replace(b"retired: 2026-11-01\n", b"") == raw


@settings(deadline=None)
@given(st.text(max_size=200) | st.lists(MARKUP, max_size=30).map("".join))
def test_any_html_is_read_without_a_tag_left_open(html: str) -> None:
    page_of_html(html).finish()
    assert "<script" not in plain_line(f"<script>{html}</script>")


def talk(*turns: tuple[str | None, float | None, str]) -> Talk:
    spoken = TalkText()
    for speaker, start_s, words in turns:
        if speaker != spoken.speaker:
            spoken.turn(speaker)
        else:
            spoken.paragraph()
        if start_s is not None:
            spoken.time(start_s)
        spoken.say(words)
    return spoken.finish()


def test_a_talk_reads_back_with_its_speakers_and_times() -> None:
    written = talk(
        ("Ada Lowe", 1.0, "One *two* [three]."),
        ("Ada Lowe", 9.0, "# Four"),
        ("Bo Hill", None, "Five: six."),
        ("Ada Lowe", 3725.0, "Note: seven."),
    )
    assert read_labelled(markdown_of_talk(written), is_markdown=True) == written


def test_a_voice_that_is_left_open_holds_until_the_next() -> None:
    cues = "WEBVTT\n\n{}.000 --> {}.500\n{}\n"
    said = ["<v Ada>One", "two", "<v.loud Bo>three", "four\nfive", "- six", "<v Ada>seven</v>", "eight"]
    text = "\n".join(
        cues.format(f"00:0{n}", f"00:0{n}", words).removeprefix("WEBVTT\n\n") for n, words in enumerate(said)
    )
    tidied = [line for line in tidy_captions(f"WEBVTT\n\n{text}").split("\n") if line and "-->" not in line][1:]
    assert tidied == [
        "<v Ada>One", "<v Ada>two", "<v.loud Bo>three", "<v.loud Bo>four", "five", "- six", "<v Ada>seven</v>", "eight"
    ]  # fmt: skip


def test_single_words_of_a_json_transcript_become_sentences() -> None:
    words = [("A", 1, 1.5), ("boat", 1.5, 2), (",", 2, 2), ("then.", 2, 3), ("More", 4, 5)]
    segments = ",".join(
        f'{{"speaker": "A <b>", "startTime": {start}, "endTime": {end}, "body": "{word}"}}'
        for word, start, end in words
    )
    assert captions_from_json(f'{{"segments": [{segments}]}}', "x") == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v A b>A boat, then.\n\n00:00:04.000 --> 00:00:05.000\n<v A b>More\n"
    )


def test_a_file_keeps_its_mark_and_its_line_ends() -> None:
    raw = b"\xef\xbb\xbf---\r\ntitle: 'A'  # why\r\n---\r\n\r\nText\r\n"
    assert TextFile(Path("x"), "x", raw, "").raw == raw
    assert with_field(raw, Path("x.md"), "video", None) == raw.replace(
        b"\r\n---\r\n\r\n", b"\r\nvideo: null\r\n---\r\n\r\n"
    )
