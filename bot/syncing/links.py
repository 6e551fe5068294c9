"""Tell what the links of a feed are: a transcript, a recording, a video that a browser can show.

Never fetches anything.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.reading.links import is_safe_link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.syncing.entry import Link

_TRANSCRIPT_TYPES = {
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
    "application/srt": "srt",
    "text/srt": "srt",
    "application/json": "json",
    "text/html": "html",
    "text/plain": "txt",
    "text/markdown": "md",
}
_TRANSCRIPT_ENDINGS = {".vtt", ".srt", ".json", ".html", ".htm", ".txt", ".md"}
# Formats used only for captions, so an attachment in one of them is a transcript.
_CAPTIONS = ("vtt", "srt")
_YOUTUBE_ID = re.compile(r"[\w-]{6,20}")
_HREF = re.compile(r"""\b(?:href|src)\s*=\s*["']([^"']+)["']""", re.IGNORECASE)


def web_link(url: str | None) -> str | None:
    """Return the link if it is absolute and safe to show."""
    link = (url or "").strip().replace(" ", "%20")
    return link if is_safe_link(link) and not link.startswith("/") else None


def web_link_at(page: str, url: str) -> str | None:
    """Return the link, resolved against a page if it is relative, if it is then safe to show."""
    try:
        return web_link(urljoin(page, url.strip())) if url.strip() else None
    except ValueError:
        return None


def transcript_format(link: Link) -> str | None:
    """Return ``vtt``, ``srt``, ``json``, ``html``, ``txt`` or ``md``, by the media type or else by the file name."""
    named = _TRANSCRIPT_TYPES.get(link.media_type.split(";")[0].strip().lower())
    ending = PurePosixPath(urlsplit(link.url).path).suffix.lower()
    # Servers also label caption formats that they do not know as plain text.
    if ending in _TRANSCRIPT_ENDINGS and named in (None, "txt"):
        return ending[1:].replace("htm", "html").replace("htmll", "html")
    return named


def is_transcript(link: Link, title: str = "") -> bool:
    """Whether an attachment is a transcript: captions always, other texts if their title or link says so."""
    found = transcript_format(link)
    return found in _CAPTIONS or (found is not None and "transcript" in f"{title} {link.url}".lower())


def is_recording(link: Link) -> bool:
    """Whether an attachment is audio or video."""
    return link.media_type.lower().startswith(("audio/", "video/"))


def video_of(url: str | None, media: Iterable[Link], html: str | None = None) -> str | None:
    """Return the link of an entry's video: its own page, else an attachment, else the only video in its content."""
    own = hosted_video(url)
    if own:
        return own
    for link in media:
        found = web_link(link.url) if link.media_type.lower().startswith("video/") else hosted_video(link.url)
        if found:
            return found
    shown = {found for link in _HREF.findall(html or "") if (found := hosted_video(link.replace("&amp;", "&")))}
    return shown.pop() if len(shown) == 1 else None


def hosted_video(url: str | None) -> str | None:
    """Return the page of one video at YouTube or Vimeo in one spelling; ``None`` for any other link."""
    link = web_link(f"https:{url}" if (url or "").startswith("//") else url)
    if link is None:
        return None
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = parts.path.strip("/").split("/")
    if host in ("youtube.com", "youtube-nocookie.com"):
        name = parse_qs(parts.query).get("v", [""])[0] if path == ["watch"] else ""
        if len(path) == 2 and path[0] in ("embed", "shorts", "live", "v"):
            name = path[1]
        return f"https://www.youtube.com/watch?v={name}" if _YOUTUBE_ID.fullmatch(name) else None
    if host == "youtu.be" and _YOUTUBE_ID.fullmatch(path[0]):
        return f"https://www.youtube.com/watch?v={path[0]}"
    if host in ("vimeo.com", "player.vimeo.com") and path[-1].isascii() and path[-1].isdigit():
        return f"https://vimeo.com/{path[-1]}"
    return None
