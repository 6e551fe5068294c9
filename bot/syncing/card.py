"""Write the files of a source from a FeedEntry and its transcript: an interview's folder, or an article's Markdown.

Nothing is made up: a field that the feed does not fill is left to editors. Knows nothing of what is on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.reading.beir import plain_paragraphs
from bot.reading.interview import CARD
from bot.reading.pagetext import PARAGRAPH_BREAK, PageText, slug_of
from bot.reading.textfile import one_line
from bot.syncing.links import hosted_video, is_recording, video_of
from bot.syncing.markup import page_of_html
from bot.syncing.written import front_matter, markdown_of_page

if TYPE_CHECKING:
    from bot.records import Section
    from bot.syncing.entry import FeedEntry
    from bot.syncing.transcripts import Transcript

# A longer first paragraph is no summary of the rest.
_MAX_SUMMARY_CHARS = 600
_TITLE_WORDS = 10
_MAX_SLUG_CHARS = 60
# This many equal characters at the beginning mean the same text; a teaser is its beginning.
_SAME_BEGINNING = 60


@dataclass(frozen=True, slots=True)
class Written:
    """A source to be written: its kind, and its files by name within its folder, the card last."""

    kind: Literal["interview", "article"]
    files: dict[str, str]


def is_episode(entry: FeedEntry) -> bool:
    """Whether an entry is something to hear or watch, with or without a transcript."""
    return any(map(is_recording, entry.media)) or hosted_video(entry.url) is not None


def write_source(entry: FeedEntry, slug: str, transcript: Transcript | None) -> Written | None:
    """Return the files of an entry's source, or ``None`` if there is nothing to quote."""
    text, sections = _content(entry)
    summary = _summary(entry, text)
    if transcript is None and not text and not summary:
        return None
    if transcript is None and not is_episode(entry):
        return Written("article", {f"{slug}.md": _article(entry, slug, summary, text, sections)})
    body = markdown_of_page(text, sections) if transcript is None else ""
    card = _card(entry, slug, summary, body, is_pending=transcript is None)
    files = {transcript.name: transcript.text} if transcript else {}
    return Written("interview", files | {CARD: card})


def slug_for(entry: FeedEntry) -> str:
    """Return an id made from the entry's title, or else from its link; never empty."""
    link = (entry.url or "").rstrip("/").rpartition("/")[2]
    slug = slug_of(_title(entry)) or slug_of(link) or slug_of(entry.id) or "entry"
    if len(slug) > _MAX_SLUG_CHARS:
        slug = slug[: _MAX_SLUG_CHARS + 1].rpartition("-")[0] or slug[:_MAX_SLUG_CHARS]
    return slug


def _title(entry: FeedEntry) -> str:
    """Return the title, or without one the first words."""
    if entry.title:
        return entry.title
    words = (entry.summary or one_line(_content(entry)[0])).split()
    return " ".join(words[:_TITLE_WORDS]) + ("…" if len(words) > _TITLE_WORDS else "")


def _content(entry: FeedEntry) -> tuple[str, tuple[Section, ...]]:
    if entry.html:
        return page_of_html(entry.html).finish()
    page = PageText()
    for paragraph in plain_paragraphs(entry.text or "").split(PARAGRAPH_BREAK):
        lines = paragraph.split("\n")
        for line in lines:
            (page.line if len(lines) > 1 else page.paragraph)(line)
    return page.finish()


def _summary(entry: FeedEntry, text: str) -> str | None:
    first = text.split(PARAGRAPH_BREAK)[0]
    return entry.summary or (one_line(first) if 0 < len(first) <= _MAX_SUMMARY_CHARS else None)


def _article(entry: FeedEntry, slug: str, summary: str | None, text: str, sections: tuple[Section, ...]) -> str:
    fields = {
        "id": slug,
        "kind": "article",
        "title": _title(entry) or slug,
        "summary": None if _repeats(summary, text) else summary,
        "url": entry.url,
        "tags": list(entry.tags),
    }
    body = markdown_of_page(text, sections)
    return front_matter(fields) + (f"\n{body}\n" if body else "")


def _card(entry: FeedEntry, slug: str, summary: str | None, body: str, *, is_pending: bool) -> str:
    fields = {
        "id": slug,
        "kind": "interview",
        "title": _title(entry) or slug,
        "guest": " and ".join(entry.guests),
        "host": " and ".join(entry.hosts),
        "summary": None if _repeats(summary, body) else summary,
        "url": entry.url,
        "video": video_of(entry.url, entry.media),
        # A feed has only the day of publishing, which is the latest day on which it can have been recorded.
        "recorded_on": (entry.published or "")[:10],
        "transcript": "pending" if is_pending else None,
        "tags": list(entry.tags),
    }
    return front_matter(fields) + (f"\n{body}\n" if body else "")


def _repeats(summary: str | None, text: str) -> bool:
    """Whether a summary only repeats the text or begins as it does, so that nothing is said twice."""
    plain = one_line(text)
    if not summary or not plain:
        return False
    return summary in plain or plain.startswith(summary[:_SAME_BEGINNING])
