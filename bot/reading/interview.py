"""Read the folder of an interview, or a single transcript file, into an interview Source.

Knows nothing of how captions or labels are written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from bot.reading.captions import read_captions
from bot.reading.description import described_source, digest_of, kind_of, title_from_name
from bot.reading.explainer import read_page
from bot.reading.fields import Fields
from bot.reading.frontmatter import read_front_matter
from bot.reading.markdown import write_markdown
from bot.reading.notprose import check_prose
from bot.reading.pagetext import PARAGRAPH_BREAK, PageText
from bot.reading.podcastpage import read_podcast_page
from bot.reading.textfile import is_left_out, read_text_file
from bot.reading.transcript import read_labelled, split_title

if TYPE_CHECKING:
    from pathlib import Path

    from bot.reading.talk import Talk
    from bot.reading.textfile import TextFile
    from bot.records import Source

CARD = "interview.md"
TRANSCRIPTS = ("transcript.vtt", "transcript.srt", "transcript.md", "transcript.txt")
_CAPTIONS = (".vtt", ".srt")


def read_interview_folder(folder: Path) -> Source:
    """Return the interview described by ``interview.md``, with the words of the transcript beside it.

    With ``transcript: pending`` the text is the summary and whatever stands below the front matter.

    :param folder: a folder with an ``interview.md``
    :raises CorpusError: if the card or the transcript is wrong, missing or there twice
    """
    card = read_text_file(folder / CARD)
    check_prose(card)
    fields, body, _ = read_front_matter(card)
    fields = fields or Fields(card.name, {}, {})
    found = [folder / name for name in TRANSCRIPTS if (folder / name).is_file()]
    if kind_of(fields, "interview") != "interview":
        raise fields.error("kind", f"a card of an interview has the kind {fields.text('kind')!r}", "Write interview.")
    pending = fields.text("transcript") == "pending"
    _check_folder(folder)
    if pending and not found:
        return read_page(card, fields, body, kind="interview", folder=folder.name)
    _check_transcripts(folder, fields, found)
    transcript = read_text_file(found[0])
    source = described_source(card, fields, kind="interview", folder=folder.name)
    page = PageText()
    title = write_markdown(body, page, title=source.title or None)
    if title is None:
        raise CorpusError(card.name, 1, "there is no title", "Add `title:` to the front matter.")
    source = replace(source, title=title, path=transcript.name, digest=digest_of(card, transcript))
    if transcript.path.suffix.lower() not in _CAPTIONS:
        check_prose(transcript)
    _, words, _ = read_front_matter(transcript)
    return _joined(source, page, _talk_in(transcript, words, source))


def read_transcript(file: TextFile, fields: Fields, body: str) -> Source:
    """Read one file as an interview: captions, or a labelled text with or without front matter.

    :returns: the source, titled after its file if nothing else gives a title
    :raises CorpusError: if it cannot be read as a transcript
    """
    source = described_source(file, fields, kind="interview")
    title = None
    if file.path.suffix.lower() in (".md", ".txt"):
        title, body = split_title(body)
    source = replace(source, title=source.title or title or title_from_name(file.path.stem))
    return _joined(source, PageText(), _talk_in(file, body, source))


def _check_transcripts(folder: Path, fields: Fields, found: list[Path]) -> None:
    name = str(folder / CARD)
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise CorpusError(str(found[1]), None, f"there are two transcripts ({names})", "Keep one of them.")
    if not found:
        remedy = f"Put a {', '.join(TRANSCRIPTS)} beside it, or write `transcript: pending`."
        raise CorpusError(name, None, "there is no transcript", remedy)
    if fields.text("transcript") not in (None, found[0].name):
        raise fields.error("transcript", f"transcript is not {found[0].name}, which is there", "Remove the field.")


def _check_folder(folder: Path) -> None:
    """Refuse a file beside the card that looks as if it were read and is not."""
    for path in sorted(folder.iterdir()):
        if path.name not in (CARD, *TRANSCRIPTS) and not is_left_out(path):
            remedy = f"Call a transcript {', '.join(TRANSCRIPTS)}, and move anything else to a folder of its own."
            raise CorpusError(str(path), None, "the file is no part of the interview", remedy)


def _talk_in(file: TextFile, text: str, source: Source) -> Talk:
    known = [name for name in (source.guest, source.host) if name]
    suffix = file.path.suffix.lower()
    if suffix in _CAPTIONS:
        talk = read_captions(file, known=known)
    elif suffix in (".html", ".htm"):
        talk = read_podcast_page(file)
    else:
        talk = read_labelled(text, is_markdown=suffix == ".md", known=known)
        if talk.text and all(turn.speaker is None for turn in talk.turns):
            remedy = "Begin each turn with `**Name:**`, or with `Name:` on a line of its own paragraph."
            raise CorpusError(file.name, 1, "no line says who speaks", remedy)
    if not talk.text:
        raise CorpusError(file.name, None, "nothing is said in it", "Write the words, or remove the file.")
    return talk


def _joined(source: Source, page: PageText, talk: Talk) -> Source:
    """Return the source with what its page says, then what is said in the talk."""
    text, sections = page.finish()
    shift = len(text) + len(PARAGRAPH_BREAK) if text else 0
    turns = (replace(turn, span=(turn.span[0] + shift, turn.span[1] + shift)) for turn in talk.turns)
    marks = (replace(mark, at=mark.at + shift) for mark in talk.time_marks)
    spoken = (replace(part, span=(part.span[0] + shift, part.span[1] + shift)) for part in talk.sections)
    cited = (replace(one, at=one.at + shift) for one in talk.citations)
    return replace(
        source,
        text=f"{text}{PARAGRAPH_BREAK}{talk.text}" if text else talk.text,
        sections=(*sections, *spoken),
        turns=tuple(turns),
        time_marks=tuple(marks),
        citations=(*page.citations, *cited),
    )
