"""Lines of white space in captions: only an empty line ends a cue, and no number of a cue is ever said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from tests.reading.corpus_files import read_one, write

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "WEBVTT\nKind: captions\nLanguage: en\n\n"
# As YouTube writes captions that it makes by itself: a line of one space after the times, or before the end.
YOUTUBE = (
    f"{HEAD}00:00:00.000 --> 00:00:02.000 align:start position:0%\n \nclouds<00:00:01.000><c> are</c>\n\n"
    "00:00:02.000 --> 00:00:02.010 align:start position:0%\nclouds are\n \n\n"
    "00:00:02.010 --> 00:00:04.000 align:start position:0%\nclouds are\nwater<00:00:03.000><c> here</c>\n"
)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("youtube.vtt", YOUTUBE, "clouds are water here"),
        ("tab.vtt", f"{HEAD}00:01.000 --> 00:02.000\n\t\nHi there.\n", "Hi there."),
        ("no-break.vtt", f"{HEAD}00:01.000 --> 00:02.000\n\u00a0\nHi there.\n", "Hi there."),
        ("amid.vtt", f"{HEAD}00:01.000 --> 00:02.000\nHi\n  \nthere.\n", "Hi there."),
        ("nothing-said.vtt", f"{HEAD}00:01.000 --> 00:02.000\n \n\n00:03.000 --> 00:04.000\nBye.\n", "Bye."),
        (
            "between.vtt",
            "WEBVTT\n \n1\n00:01.000 --> 00:02.000\nHi.\n \n2\n00:03.000 --> 00:04.000\nBye.\n \n",
            "Hi. Bye.",
        ),
        ("no-numbers.vtt", "WEBVTT\n \n00:01.000 --> 00:02.000\nHi.\n \n00:03.000 --> 00:04.000\nBye.\n", "Hi. Bye."),
        ("glued.vtt", f"{HEAD}1\n00:01.000 --> 00:02.000\nHi.\n2\n00:03.000 --> 00:04.000\nBye.\n", "Hi. Bye."),
        (
            "said-number.vtt",
            f"{HEAD}1\n00:01.000 --> 00:02.000\nHow many?\n50\n\n2\n00:03.000 --> 00:04.000\nBye.\n",
            "How many? 50 Bye.",
        ),
        ("note.vtt", f"{HEAD}NOTE\n \nmade by hand\n\n00:01.000 --> 00:02.000\nHi.\n", "Hi."),
        ("style.vtt", f"{HEAD}STYLE\n::cue {{\n \ncolor: red }}\n\n00:01.000 --> 00:02.000\nHi.\n", "Hi."),
        ("named-first.vtt", "WEBVTT\n \nintro\n00:01.000 --> 00:02.000\nHi.\n", "Hi."),
        ("dose.srt", "1\n00:00:01,000 --> 00:00:02,000\n \n50\nmg a day.\n", "50 mg a day."),
        (
            "between.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nHi.\n \n2\n00:00:03,000 --> 00:00:04,000\nBye.\n",
            "Hi. Bye.",
        ),
        (
            "empty-amid.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nTake\n\n50 mg.\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n",
            "Take 50 mg. Bye.",
        ),
    ],
)
def test_white_space_ends_no_cue_and_loses_no_word(tmp_path: Path, name: str, text: str, words: str) -> None:
    assert read_one(write(tmp_path, name, text)).text == words


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("00:01.000 --> 00:02.000\nHow many?\n\n50\n\n00:03.000 --> 00:04.000\nBye.\n", 8, "without times"),
        ("00:01.000 --> 00:02.000\n \n\nLost words.\n\n00:03.000 --> 00:04.000\nBye.\n", 8, "without times"),
        ("00:01.000 --> 00:02.000\nHi.\n \nfarewell\n00:03.000 --> 00:04.000\nBye.\n", 8, "'farewell' is said"),
        ("1\n00:01.000 --> 00:02.000\nHow many?\n \n50\n00:03.000 --> 00:04.000\nBye.\n", 9, "'50' is said"),
    ],
)
def test_words_that_may_or_may_not_be_said_are_named_with_their_line(
    tmp_path: Path, text: str, line: int, complaint: str
) -> None:
    with pytest.raises(CorpusErrors, match=complaint) as caught:
        read_corpus([write(tmp_path, "a.vtt", f"{HEAD}{text}")])

    assert caught.value.errors[0].line == line


def test_a_line_of_space_moves_no_time(tmp_path: Path) -> None:
    source = read_one(write(tmp_path, "youtube.vtt", YOUTUBE))

    assert [(mark.at, mark.start_s) for mark in source.time_marks] == [(0, 0.0), (11, 2.01)]
