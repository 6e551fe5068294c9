"""What is not text is not quoted: what a page says without scripts, front matter of other programs, credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import CorpusErrors
from bot.reading.corpus import read_corpus
from bot.syncing.markup import page_of_html
from tests.reading.corpus_files import read_one, write, write_interview

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = "The sky is what is above us and around us, and it changes every single day of the year, as we all know."
AFTER = "The sea is what is below us and beside us, and it changes every single day of the year, as we all know."


@pytest.mark.parametrize(
    "typed",
    [
        "<noscript>You need to enable JavaScript to run this app.</noscript>",
        "<noscript><p>Please turn on JavaScript.</p></noscript>",
        "<div>You need to enable JavaScript to run this app.</div>",
        "<p>Please enable JavaScript in your browser to read on.</p>",
        "<p>This site requires JavaScript.</p>",
        "<p>JavaScript is disabled in your browser.</p>",
        "<script>show('sky')</script>",
        "<style>p { color: red }</style>",
        "<template><p>{{ sky }}</p></template>",
        "<!-- a note to ourselves -->",
        "<video><p>Your browser does not support HTML5 video.</p></video>",
        "<p>Your browser does not support the video tag.</p>",
        "<audio controls>Your browser doesn't support the audio element.</audio>",
        "<iframe src='x'>Your browser does not support iframes.</iframe>",
        "<p>We're sorry but this site doesn't work properly without JavaScript enabled. Please enable it.</p>",
        "<p>To view this video please enable JavaScript, and consider upgrading to a newer browser</p>",
        "<p>Please turn JavaScript on and reload the page.</p>",
        "<p>JavaScript is not available.</p>",
        "<div>This content requires JavaScript.</div>",
        "<p>It looks like your browser does not have JavaScript enabled.</p>",
        "<p>You are using an outdated browser. Please upgrade your browser.</p>",
    ],
)
def test_what_a_page_says_to_browsers_is_no_text(tmp_path: Path, typed: str) -> None:
    page = f"<html><body><main><h1>Sky</h1><p>{BEFORE}</p>{typed}<p>{AFTER}</p></main></body></html>"

    assert read_one(write(tmp_path, "sky.html", page)).text == f"{BEFORE}\n\n{AFTER}"
    assert page_of_html(f"<p>{BEFORE}</p>{typed}").finish()[0] == BEFORE
    if "{{" not in typed:
        assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{BEFORE}\n\n{typed}\n")).text == BEFORE


def test_scripts_are_spoken_of_in_a_text(tmp_path: Path) -> None:
    words = "We ask our helpers to write JavaScript, and a site requires JavaScript only now and then."

    assert read_one(write(tmp_path, "sky.md", f"# Sky\n\n{words}\n")).text == words


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("+++\ntitle = 'Sky'\n+++\n\nWords.\n", 1, "TOML"),
        ("\n+++\ntitle = 'Sky'\n+++\n\nWords.\n", 2, "TOML"),
        ('{\n  "title": "Sky"\n}\n\nWords.\n', 1, "JSON"),
        (';;;\n"title": "Sky"\n;;;\n\nWords.\n', 1, "JSON"),
        ("<!-- lint off -->\n---\ntitle: Sky\n---\n\nWords.\n", 1, "a comment stands above"),
        ("  ---\n  title: Sky\n  ---\n\nWords.\n", 1, "indented"),
        ("title: Sky\nsummary: Words.\n---\n\nWords.\n", 1, "no line `---` above"),
        ("title: Sky\nsummary: Words.\n\nWords.\n", 1, "no lines `---`"),
        ("# Sky\n\nWords.\n\n{{< youtube abc >}}\n", 5, "for a program"),
        ("# Sky\n\nBy {{ site.author }}.\n", 3, "for a program"),
        ("# Sky\n\n{% include note.html %}\n", 3, "for a program"),
        ("# Sky\n\nWords.\n{: .lead }\n", 4, "for a program"),
        ("# Sky\n\n:::note\nWords.\n:::\n", 3, "for a program"),
        ("import Tabs from '@theme/Tabs';\n\n# Sky\n\nWords.\n", 1, "for a program"),
        ("# Sky\n\n> [!NOTE]\n> Words.\n", 3, "for a program"),
        ("# Sky\n\n!!! note\n    Words.\n", 3, "for a program"),
        ("# Sky\n\nWords.\n\n![[sky.png]]\n", 5, "for a program"),
        ("# Sky\n\nSee [[Other page|this]].\n", 3, "for a program"),
        ("# Sky\n\nWords.\n%% a note to ourselves %%\n", 4, "for a program"),
        ("# Sky\n\nWords.\n\n\\newpage\n", 5, "for a program"),
        ("# Sky\n\nexport const x = 1;\n", 3, "for a program"),
        ("# Sky\n\nGive 10^14^ vg.\n", 3, "for a program"),
        ("# Sky\n\nH~2~O.\n", 3, "for a program"),
        ("# Sky\n\nGive $1.1 \\times 10^{14}$ vg.\n", 3, "for a program"),
        ("# Sky\n\nGive [s]50 mg[/s] 5 mg.\n", 3, "for a program"),
        ("# Sky\n\nGive {--50 mg--} 5 mg.\n", 3, "for a program"),
        ("# Sky\n\nGive ~50 mg~ 5 mg.\n", 3, "for a program"),
        ("# Sky\n\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> b\n", 3, "for a program"),
        ("# Sky\n\nWords.\n\n<!-- never ends\n\nBye.\n", 5, "no end"),
        ("# Sky\n\n[[_TOC_]]\n\n[TOC]\n\nWords.\n", 3, "for a program"),
    ],
)
def test_what_is_for_a_program_is_refused_with_its_line(tmp_path: Path, text: str, line: int, complaint: str) -> None:
    with pytest.raises(CorpusErrors, match=complaint) as caught:
        read_corpus([write(tmp_path, "sky.md", text)])

    assert caught.value.errors[0].line == line


CREDITS = [
    "Transcribed by otter.ai",
    "Transcribed by https://otter.ai",
    "[Transcribed by Otter.ai]",
    "Transcript by Rev.com",
    "Transcript provided by Descript.",
    "Subtitles by the Amara.org community",
    "Captions by YouTube",
    "This transcript was generated by Whisper.",
    "This transcript was automatically generated and may contain errors.",
    "[Auto-generated transcript. Edits may have been applied for clarity.]",
    "This transcript was exported on Mar 01, 2024 - view latest version here.",
    "(Transcribed by TurboScribe.ai. Go Unlimited to remove this message.)",
    "Closed captioning by GoTranscript",
    "Transcribed by: Jane Q. Doe",
    "Captioned by Media Access Group at WGBH",
    "Auto-captioned by Zoom",
    "Captioning provided by Caption Access LLC",
    "https://otter.ai",
    "This transcript was created using speech recognition software.",
    "Automatic transcription by Sonix. Corrections by hand.",
    "Transcribed with AI; may contain errors.",
    "AI-generated transcript",
    "[Captions are auto-generated]",
    "Untertitelung des ZDF, 2020",
    "Sous-titrage Société Radio-Canada",
    "Subtítulos por la comunidad de Amara.org",
    "[BLANK_AUDIO]",
]


@pytest.mark.parametrize("credit", CREDITS)
def test_a_credit_is_no_speech_in_any_transcript(tmp_path: Path, credit: str) -> None:
    talk = "Ada Lowe  0:01\nHello there.\n\nBen Ray  0:05\nGood day.\n"
    captions = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n\n00:02.000 --> 00:03.000\n"

    for name, text in (("end.txt", f"{talk}\n{credit}\n"), ("start.txt", f"{credit}\n\n{talk}")):
        source = read_one(write(tmp_path, name, text))
        assert source.text == "Hello there.\n\nGood day."
        assert [turn.speaker for turn in source.turns] == ["Ada Lowe", "Ben Ray"]
    assert read_one(write(tmp_path, "a.vtt", f"{captions}{credit}\n")).text == "Hello there."
    folder = write_interview(tmp_path, f"**Ada:** Hello there.\n\n{credit}\n", name="transcript.md")
    assert read_one(folder).text == "Hello there."


@pytest.mark.parametrize(
    "speech",
    [
        "Captions from YouTube are wrong half of the time.",
        "The transcript of a gene is a kind of copy.",
        "Transcribed by a cell, the gene becomes a message.",
        "It was transcribed by otter.ai, and I read it at night.",
        "Subtitles helped us.",
        "Transcripts are made by cells.",
        "Captions are generated by people we pay.",
        "Media access is what we ask for.",
        "Transcripts provided by families are read by all of us.",
        "It takes ~50 mg or ~5 mg of it.",
    ],
)
def test_speech_about_transcripts_is_speech(tmp_path: Path, speech: str) -> None:
    assert read_one(write(tmp_path, "a.md", f"**Ada:** {speech}\n\n**Ben:** Yes.\n")).text == f"{speech}\n\nYes."
