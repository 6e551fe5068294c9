from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from tests.reading.corpus_files import read_one, write, write_interview
from tests.reading.test_transcript import said

if TYPE_CHECKING:
    from pathlib import Path

VOICES = """\
WEBVTT - a talk
Kind: captions

NOTE nobody reads this

STYLE
::cue { color: red }

intro
00:00:01.000 --> 00:00:04.000 align:start
<v Ada Lowe>Clouds are <i>water</i> &amp; air. They

00:00:04.000 --> 00:00:06.500
<v.loud Ada Lowe>float.</v>

00:06.500 --> 00:08.000
<v Ben Ray>Why?</v> <v Ada Lowe>Because.

00:08.000 --> 00:09.000
Somebody coughs.
"""

NAMED = """\
1
00:00:01,000 --> 00:00:04,000
Ada: Clouds are water.
They float

2
00:00:04,000 --> 00:00:05,000
for a day.

3
00:00:05,000 --> 00:00:06,000
Ben: Why?

4
00:01:05.250 --> 00:01:06.000
Ada: <font color="red">Because.</font> {\\an8}
[MUSIC
PLAYING]

5
01:00:00,000 --> 01:00:01,000
- Is it late?
- Ben: Yes.
"""

# As sites that make captions by themselves do it: every line comes again before the next.
SCROLLING = """\
WEBVTT

00:00:00.000 --> 00:00:02.000
clouds<00:00:01.000><c> are</c>

00:00:02.000 --> 00:00:02.010
clouds are

00:00:02.010 --> 00:00:04.000
clouds are
water<00:00:03.000><c> water</c>

00:00:04.000 --> 00:00:06.000
water water
and<00:00:05.000><c> air</c>
"""


def test_voices_make_turns_and_cues_make_times(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "clouds.vtt", VOICES))

    assert said(source) == [
        ("Ada Lowe", 1.0, "Clouds are water & air. They float."),
        ("Ben Ray", 6.5, "Why?"),
        ("Ada Lowe", 6.5, "Because."),
        (None, 8.0, "Somebody coughs."),
    ]
    assert [mark.start_s for mark in source.time_marks] == [1.0, 4.0, 6.5, 6.5, 8.0]
    assert source.text[source.time_marks[1].at :].startswith("float.")


def test_a_name_before_a_colon_holds_until_the_next(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "clouds.srt", NAMED))

    assert said(source) == [
        ("Ada", 1.0, "Clouds are water. They float for a day."),
        ("Ben", 5.0, "Why?"),
        ("Ada", 65.25, "Because."),
        (None, 3600.0, "Is it late?"),
        ("Ben", 3600.0, "Yes."),
    ]


def test_scrolling_captions_are_said_once(tmp_path: Path) -> None:
    assert read_one(write(tmp_path, "clouds.vtt", SCROLLING)).text == "clouds are water water and air"


def test_scrolling_is_seen_without_the_tags_that_give_it_away(tmp_path: Path) -> None:
    lines = ["one two", "three four", "five six", "seven eight", "nine ten"]
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{before}\n{line}\n"
        for n, (before, line) in enumerate(zip(["", *lines], lines, strict=False), start=1)
    ]

    source = read_one(write(tmp_path, "clouds.srt", "\n".join(cues).replace(",900\n\n", ",900\n")))

    assert source.text == " ".join(lines)


def test_a_speaker_may_say_the_same_twice(tmp_path: Path) -> None:
    cues = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nYes.\n\n00:02.000 --> 00:03.000\nYes.\n\n00:03.000 --> 00:04.000\nGood.\n"
    )

    assert read_one(write(tmp_path, "clouds.vtt", cues)).text == "Yes. Yes. Good."


def test_times_that_go_back_or_overlap_are_kept(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n00:05.000 --> 00:09.000\nFirst.\n\n00:02.000 --> 00:07.000\nSecond.\n"

    assert [mark.start_s for mark in read_one(write(tmp_path, "clouds.vtt", cues)).time_marks] == [5.0, 2.0]


def test_a_name_of_the_card_counts_though_it_comes_once(tmp_path: Path) -> None:
    cues = "WEBVTT\n\n00:01.000 --> 00:02.000\nRemember: look up.\n\n00:02.000 --> 00:03.000\nAda: I do.\n"

    folder = write_interview(tmp_path, cues, more="role: friend")
    write(folder, "interview.md", "---\ntitle: T\nguest: Ada\n---\n")

    assert said(read_one(folder)) == [(None, 1.0, "Remember: look up."), ("Ada", 2.0, "I do.")]


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.vtt", "00:01.000 --> 00:02.000\nHi.\n", 1, "does not begin with WEBVTT"),
        ("a.vtt", "WEBVTT\n", None, "there are no captions"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:0x.000\nHi.\n", 3, "cannot be read"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:61.000\nHi.\n", 3, "cannot be read"),
        ("a.vtt", "WEBVTT\n\n00:01,000 --> 00:02,000\nHi.\n", 3, "cannot be read"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n\nLost words.\n", 6, "without times"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n", None, "nothing is said"),
        ("a.srt", "1\nHi.\n", 1, "without times"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHi.\n\n2\nLost.\n", 5, "without times"),
        ("a.srt", "00:00:01,000 --> 00:00:02,000\nHi.\n", 1, "has no number"),
        ("a.srt", "1\n00:01,000 --> 00:02,000\nHi.\n", 2, "cannot be read"),
    ],
)
def test_what_the_format_does_not_allow_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, line: int | None, said: str
) -> None:
    with pytest.raises(CorpusErrors, match=said) as caught:
        read_corpus([write(tmp_path, name, text)])

    assert caught.value.errors[0].line == line


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = read_one(write(tmp_path, "a/clouds.vtt", VOICES))
    windows = read_one(write(tmp_path, "b/clouds.vtt", b"\xef\xbb\xbf" + VOICES.replace("\n", "\r\n").encode()))

    assert (windows.text, windows.turns) == (plain.text, plain.turns)
