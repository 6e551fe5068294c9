"""Feeds and transcripts as somebody might publish them, and a server that serves them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.sax.saxutils import escape, quoteattr

from click.testing import CliRunner, Result

from bot.cli import main
from bot.reading.corpus import read_corpus
from bot.records import Source

PODCAST = "https://podcastindex.org/namespace/1.0"
VTT = """WEBVTT

00:00:01.000 --> 00:00:04.000
<v Bo Hill>What does the harbour do?

00:00:04.000 --> 00:00:08.500
<v Ada Lowe>A harbour keeps boats safe.

00:00:08.500 --> 00:00:12.000
It has walls & lamps.
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
Bo Hill: What does the harbour do?

2
00:00:04,000 --> 00:00:08,500
Ada Lowe: A harbour keeps boats safe.

3
00:00:08,500 --> 00:00:12,000
It has walls & lamps.
"""
HTML = """<cite>Bo Hill:</cite> <time>0:01</time> <p>What does the harbour do?</p>
<cite>Ada Lowe:</cite> <time>0:04</time> <p>A harbour keeps boats safe.<script>steal()</script></p>
<cite>Ada Lowe:</cite> <time>0:08</time> <p>It has walls &amp; lamps.</p>
"""
JSON = json.dumps(
    {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Bo Hill", "startTime": 1, "endTime": 4, "body": "What does the harbour do?"},
            {"speaker": "Ada Lowe", "startTime": 4, "endTime": 5, "body": "A harbour"},
            {"speaker": "Ada Lowe", "startTime": 5, "endTime": 8.5, "body": "keeps boats safe."},
            {"speaker": "Ada Lowe", "startTime": 8.5, "endTime": 12, "body": "It has walls & lamps."},
        ],
    }
)
TRANSCRIPTS = {
    "talk.vtt": (VTT, "text/vtt"),
    "talk.srt": (SRT, "application/x-subrip"),
    "talk.json": (JSON, "application/json"),
    "talk.html": (HTML, "text/html"),
}
SAID = [
    ("Bo Hill", 1.0, "What does the harbour do?"),
    ("Ada Lowe", 4.0, "A harbour keeps boats safe."),
    ("Ada Lowe", 8.0, "It has walls & lamps."),
]
EXPLAINER = """---
id: harbours
kind: explainer
title: 'What is a harbour?'   # in quotes of its own
summary: A harbour is a place for boats.
url: https://foundation.example/learn/harbours
{video}tags: [water]
---

## Plain-English explanation

A harbour is a place where boats are safe.
"""


def item(title: str, *, day: int = 1, parts: str = "", **fields: str) -> str:
    """An item of RSS: fields as elements, other parts as they are written."""
    fields = {"guid": title, "pubDate": f"{day:02} Oct 2026 10:00:00 GMT"} | fields
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)
    return f"<item><title>{escape(title)}</title>{inside}{parts}</item>"


def transcript(url: str, kind: str, **other: str) -> str:
    """A transcript element."""
    attributes = {"url": url, "type": kind, **other}
    return "<podcast:transcript " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + "/>"


def rss(*items: str, head: str = "") -> str:
    """A feed in RSS."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:podcast="{PODCAST}"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:fh="http://purl.org/syndication/history/1.0"'
        f"><channel><title>Talks</title><language>en</language>{head}{''.join(items)}</channel></rss>"
    )


def atom(*entries: str) -> str:
    """A feed in Atom."""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:podcast="{PODCAST}"'
        f' xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Talks</title>{"".join(entries)}</feed>'
    )


def entry(name: str, *, day: int = 1, parts: str = "") -> str:
    """An entry of Atom."""
    at = f"2026-10-{day:02}T10:00:00Z"
    return (
        f"<entry><id>{name}</id><title>{name}</title><published>{at}</published><updated>{at}</updated>{parts}</entry>"
    )


def json_feed(*items: dict[str, object]) -> str:
    """A JSON Feed."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Talks", "items": list(items)})


EPISODE = item(
    "Ada Lowe on harbours",
    link="https://talks.example/1",
    description="Ada Lowe talks about harbours.",
    parts='<podcast:person role="guest">Ada Lowe</podcast:person><podcast:person>Bo Hill</podcast:person>'
    '<enclosure url="https://talks.example/1.mp3" type="audio/mpeg" length="1"/>' + transcript("talk.vtt", "text/vtt"),
)


@dataclass(slots=True)
class Desk:
    """A folder with a feed in a file, what lies beside it, and a corpus."""

    top: Path

    @property
    def corpus(self) -> Path:
        folder = self.top / "corpus"
        folder.mkdir(exist_ok=True)
        return folder

    def publish(self, feed: str, **beside: str) -> Path:
        """Write the feed; ``talk_vtt=`` writes ``talk.vtt`` beside it."""
        folder = self.top / "published"
        folder.mkdir(exist_ok=True)
        for name, text in beside.items():
            (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
        path = folder / "feed"
        path.write_text(feed, encoding="utf-8")
        return path

    def sync(self, feed: str | Path, *options: str) -> Result:
        """Run the command as a person types it."""
        words = ["sync", "--feed", str(feed), "--corpus", str(self.corpus), *options]
        return CliRunner().invoke(main, words, catch_exceptions=False)

    def report(self, feed: str | Path, *options: str) -> dict[str, str | None]:
        """What was done with each entry; fails if the command did."""
        ran = self.sync(feed, "--json", *options)
        assert ran.exit_code == 0, ran.output
        return {outcome["title"]: outcome["action"] for outcome in json.loads(ran.stdout)["outcomes"]}

    def sources(self) -> dict[str, Source]:
        """The corpus as ``ingest`` reads it."""
        return {source.id: source for source in read_corpus([self.corpus])}

    def explainer(self, *, video: str = "") -> Path:
        """Write an explainer about harbours, whose front matter has the video line that is given."""
        path = self.corpus / "explainers" / "harbours.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(EXPLAINER.format(video=video), encoding="utf-8")
        return path

    def files(self) -> dict[str, bytes]:
        """Every file of the corpus, hidden ones too."""
        paths = (path for path in self.corpus.rglob("*") if path.is_file())
        return {path.relative_to(self.corpus).as_posix(): path.read_bytes() for path in paths}


def said_in(source: Source) -> list[tuple[str | None, float | None, str]]:
    """Who says what when, mark by mark."""
    ends = [mark.at for mark in source.time_marks[1:]] + [len(source.text)]
    return [
        (
            next(turn.speaker for turn in source.turns if turn.span[0] <= mark.at < turn.span[1]),
            float(int(mark.start_s)),
            source.text[mark.at : end].strip(),
        )
        for mark, end in zip(source.time_marks, ends, strict=True)
    ]


Reply = tuple[int, dict[str, str], bytes | Iterator[bytes]]


@dataclass(slots=True)
class Server:
    """A server on this machine, with what it was asked."""

    port: int
    replies: dict[str, Callable[[dict[str, str]], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def trust(self) -> tuple[str, str]:
        return "--trust", f"127.0.0.1:{self.port}"

    def serve(self, path: str, body: str | bytes, **headers: str) -> None:
        """Answer a path with a text."""
        content = body.encode() if isinstance(body, str) else body
        self.replies[path] = lambda _: (
            200,
            {name.replace("_", "-"): value for name, value in headers.items()},
            content,
        )

    def redirect(self, path: str, to: str) -> None:
        """Send whoever asks for a path elsewhere."""
        self.replies[path] = lambda _: (302, {"Location": to}, b"")


@contextmanager
def serving() -> Iterator[Server]:
    """A server that runs until it is not needed any more."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append((self.path, headers))
            missing: Callable[[dict[str, str]], Reply] = lambda _: (404, {}, b"")  # noqa: E731
            status, sent, body = server.replies.get(self.path, missing)(headers)
            try:
                self.send_response(status)
                length = {"Content-Length": str(len(body))} if isinstance(body, bytes) else {}
                for name, value in (length | sent).items():
                    self.send_header(name, value)
                self.end_headers()
                for part in [body] if isinstance(body, bytes) else body:
                    self.wfile.write(part)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server = Server(listener.server_address[1])
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    listener.shutdown()
    listener.server_close()
    thread.join()
