"""Choose the best of an entry's transcripts and convert it to a file that ``reading`` understands.

WebVTT and SubRip stay as they are, JSON becomes WebVTT, HTML becomes Markdown with speakers or else plain text. A
transcript that names its speakers beats one that does not; of two that do, the first in ``_ORDER`` wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BotError, CorpusError, FeedError
from bot.reading.captions import read_captions
from bot.reading.podcastpage import read_podcast_page
from bot.reading.rawmarkup import without_code
from bot.reading.textfile import TextFile, decode
from bot.reading.transcript import read_labelled
from bot.syncing.addresses import shown_url
from bot.syncing.cues import captions_from_json, tidy_captions
from bot.syncing.links import transcript_format
from bot.syncing.markup import page_of_html
from bot.syncing.written import markdown_of_talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.reading.talk import Talk
    from bot.syncing.entry import Document, FeedEntry, Link

_ORDER = ("vtt", "srt", "json", "html", "md", "txt")


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript to be written: its file name, its text, and whether it names speakers."""

    name: str
    text: str
    has_speakers: bool


def best_transcript(entry: FeedEntry, language: str, read: Callable[[str], Document]) -> Transcript | None:
    """Return the best of an entry's transcripts, or ``None`` if it has none in the feed's language.

    :param language: the feed's language; transcripts in another one are translations
    :raises FeedError: if it has some, but none can be read
    """
    found: Transcript | None = None
    complaints: list[BotError] = []
    for link in _in_order(entry, language):
        try:
            transcript = _converted(link, read(link.url), (*entry.guests, *entry.hosts))
        except BotError as error:
            complaints.append(error)
            continue
        if transcript.has_speakers:
            return transcript
        found = found or transcript
    if found is None and complaints:
        if len(complaints) == 1:
            raise complaints[0]
        said = " ".join(str(complaint) for complaint in complaints)
        raise FeedError(entry.title, f"none of its {len(complaints)} transcripts can be read", said)
    return found


def _in_order(entry: FeedEntry, language: str) -> list[Link]:
    known = [link for link in dict.fromkeys(entry.transcripts) if transcript_format(link) in _ORDER]
    here = [link for link in known if not link.language or not language or _same(link.language, language)]
    return sorted(here, key=lambda link: _ORDER.index(transcript_format(link) or _ORDER[-1]))


def _same(one: str, other: str) -> bool:
    """Whether two tags such as ``en`` and ``en-US`` name one language."""
    return one.lower().replace("_", "-").split("-")[0] == other.lower().replace("_", "-").split("-")[0]


def _converted(link: Link, document: Document, known: tuple[str, ...]) -> Transcript:
    shown = shown_url(link.url)
    try:
        text = decode(document.body, shown)
        if not text.strip():
            raise FeedError(shown, "the transcript is empty", "Have it mended by those who publish it.")
        name, text = _as_file(transcript_format(link) or "", text, shown)
        talk = _read(name, text, shown, known)
    except CorpusError as error:
        line = f"line {error.line}: " if error.line else ""
        raise FeedError(shown, f"{line}{error.found}", "Have the transcript mended by those who publish it.") from error
    has_speakers = any(turn.speaker for turn in talk.turns)
    if not talk.text or not (has_speakers or talk.time_marks):
        found = "the transcript says neither who speaks nor when" if talk.text else "nothing is said in the transcript"
        raise FeedError(shown, found, "Have it published with speakers, best as WebVTT.")
    return Transcript(name, text if text.endswith("\n") else f"{text}\n", has_speakers)


def _as_file(form: str, text: str, shown: str) -> tuple[str, str]:
    """Return the name and the text of the file that will be written."""
    if form in ("vtt", "srt"):
        return f"transcript.{form}", tidy_captions(text)
    if form == "json":
        return "transcript.vtt", captions_from_json(text, shown)
    if form == "html":
        return _from_html(text, shown)
    return f"transcript.{form}", text


def _from_html(text: str, shown: str) -> tuple[str, str]:
    """Convert Podcasting 2.0's form of HTML, or else take the words of a page whose paragraphs name the speaker."""
    if "<cite" in text.lower():
        text = without_code(text)
        talk = read_podcast_page(TextFile(Path("transcript.html"), shown, text.encode(), text))
        return "transcript.md", markdown_of_talk(talk)
    words, _ = page_of_html(text).finish()
    return "transcript.txt", words


def _read(name: str, text: str, shown: str, known: tuple[str, ...]) -> Talk:
    """Return the transcript as ``ingest`` will read it."""
    path = Path(name)
    if path.suffix in (".vtt", ".srt"):
        return read_captions(TextFile(path, shown, text.encode(), text), known=known)
    return read_labelled(text, is_markdown=path.suffix == ".md", known=known)
