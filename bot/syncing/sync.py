"""Bring a corpus up to date with a feed and report what was done.

Each entry is settled by itself: one that cannot be taken is reported, and the others are still taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import msgspec

from bot.errors import BotError
from bot.syncing.feed import read_feed
from bot.syncing.links import video_of
from bot.syncing.outcome import Outcome, SyncReport
from bot.syncing.place import place_of
from bot.syncing.shelf import read_shelf
from bot.syncing.sources import adopt_source, settle_source
from bot.syncing.state import EntryRecord, FeedRecord, State, locked, read_state, write_state
from bot.syncing.transcripts import best_transcript
from bot.syncing.videos import fill_video
from bot.syncing.withdraw import retire, withdrawn
from bot.syncing.write import clear_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from bot.syncing.entry import Feed, FeedEntry
    from bot.syncing.place import FeedPlace
    from bot.syncing.shelf import Shelf, Shelved

# Part of every fingerprint, so that sources are written again when the way of writing them has changed.
_WRITING = "2"
# Longer numbers in a link are times, or identify readers.
_MAX_PAGE_DIGITS = 8
# The actions that leave a new or changed file behind.
_WRITTEN = ("added", "updated", "video filled")


def sync_feed(
    location: str, corpus: Path, *, today: date, trusted: frozenset[tuple[str, int]] = frozenset(), again: bool = False
) -> SyncReport:
    """Bring a corpus up to date with a feed.

    :param trusted: hosts and ports that need not be on the open internet
    :param again: whether to look at unchanged entries too
    :raises FeedError: if the feed cannot be read
    :raises FetchError: if it cannot be fetched
    :raises CorpusErrors: if what is in the corpus cannot be read
    :raises SyncBusy: if another sync is writing to the corpus
    """
    place = place_of(location, corpus, trusted)
    with locked(corpus):
        clear_up(corpus)
        state = read_state(corpus)
        known = state.feeds.get(place.shown) or FeedRecord()
        etag, last_modified = ("", "") if again else (known.etag, known.last_modified)
        document = place.read_feed(etag=etag, last_modified=last_modified)
        if document is None:
            return SyncReport(place.shown, is_unchanged=True)
        feed = read_feed(document, place.shown)
        state.feeds[place.shown] = known
        known.etag = known.last_modified = ""
        # Files beside a local feed cost nothing to look at, and may have changed while the feed has not.
        run = _Run(corpus, place, feed, state, known, today, again=again or place.file is not None)
        report = run.all()
        if not report.failed:
            known.etag, known.last_modified = document.etag, document.last_modified
        write_state(corpus, state)
    return report


@dataclass(slots=True)
class _Run:
    """One sync in progress."""

    corpus: Path
    place: FeedPlace
    feed: Feed
    state: State
    known: FeedRecord
    today: date
    again: bool

    def all(self) -> SyncReport:
        """Settle every entry, then retire what was withdrawn."""
        report = SyncReport(self.place.shown)
        if not self.feed.is_whole:
            report.warnings.append(
                "The feed is not well-formed XML; what could be read was taken, and nothing counts as withdrawn."
            )
        report.outcomes += [Outcome("failed", problem.title, note=problem.found) for problem in self.feed.problems]
        shelf = read_shelf(self.corpus)
        for entry in self.feed.entries:
            found = self._guarded(entry.title or entry.id, self._settled(entry, shelf))
            report.outcomes += found
            for outcome in found:
                if outcome.path and outcome.action in _WRITTEN:
                    write_state(self.corpus, self.state)
                    shelf = shelf.with_file(self.corpus / outcome.path)
        for name in withdrawn(self.known.entries, self.feed):
            record = self.known.entries[name]
            report.outcomes += self._guarded(record.title or name, retire(record, self.corpus, self.today))
            write_state(self.corpus, self.state)
        return report

    def _guarded(self, title: str, steps: Iterator[Outcome]) -> list[Outcome]:
        """Return the outcomes of the steps; a step that fails is reported and ends them."""
        done: list[Outcome] = []
        try:
            done.extend(steps)
        except BotError as error:
            done.append(Outcome("failed", title, note=str(error)))
        except OSError as error:
            done.append(Outcome("failed", title, note=f"it cannot be written ({error.strerror or error})"))
        return done

    def _settled(self, entry: FeedEntry, shelf: Shelf) -> Iterator[Outcome]:
        record = self._record_of(entry, shelf)
        if entry.id == entry.url and _only_token_differs(entry.url, record.url):
            entry = replace(entry, url=record.url)
        record.url = entry.url
        fingerprint = sha256(_WRITING.encode() + msgspec.json.encode(entry)).hexdigest()
        was_seen = record.fingerprint == fingerprint and record.retired is None
        record.title, record.fingerprint = entry.title, ""
        video = video_of(entry.url, entry.media, entry.html)
        explainer = shelf.explainer_of(entry) if video else None
        if video and explainer:
            yield fill_video(entry, video, explainer, record, self.corpus)
        if was_seen and not self.again:
            if not explainer:
                yield Outcome("unchanged", entry.title, next(iter(record.files), None))
        elif not (explainer and not entry.transcripts):
            yield self._source(entry, shelf, record)
        record.fingerprint, record.retired = fingerprint, None
        record.published, record.updated = entry.published, entry.updated

    def _record_of(self, entry: FeedEntry, shelf: Shelf) -> EntryRecord:
        """Return what an entry was at the last sync, even under another id.

        Ids change when a feed moves, or when its ids are links that are new each time.
        """
        entries = self.known.entries
        if entry.id not in entries:
            pages = {page.file.relative_to(self.corpus).as_posix() for page in shelf.pages_of(entry)}
            here = {one.id for one in self.feed.entries}
            for name, record in list(entries.items()):
                is_same = pages & record.files.keys() or _is_same(entry, record)
                if name not in here and record.title == entry.title and is_same:
                    entries[entry.id] = entries.pop(name)
                    break
        return entries.setdefault(entry.id, EntryRecord())

    def _source(self, entry: FeedEntry, shelf: Shelf, record: EntryRecord) -> Outcome:
        page = self._page_of_others(entry, shelf)
        name = page.file.relative_to(self.corpus).as_posix() if page else ""
        is_there = Outcome("left alone", entry.title, name, "it is in the corpus already, and not from this feed")
        if page and page.is_explainer and not entry.transcripts:
            return is_there
        transcript = best_transcript(entry, self.feed.language, self.place.read)
        if page and not page.is_explainer:
            is_ours = adopt_source(entry, transcript, name, record, self.corpus)
            return Outcome("unchanged", entry.title, name) if is_ours else is_there
        outcome = settle_source(entry, transcript, record, shelf, self.corpus)
        if entry.transcripts and transcript is None:
            kinds = ", ".join(sorted({link.language or link.media_type or link.url for link in entry.transcripts}))
            note = f"its transcripts ({kinds}) are not in the language of the feed, or in no format that is read"
            return replace(outcome, note=outcome.note or note)
        return outcome

    def _page_of_others(self, entry: FeedEntry, shelf: Shelf) -> Shelved | None:
        """Return the source whose page an entry links to, unless it is of this feed, whose entries may share a link."""
        pages = shelf.pages_of(entry)
        ours = {name for record in self.known.entries.values() for name in record.files} if pages else set()
        return next((page for page in pages if page.file.relative_to(self.corpus).as_posix() not in ours), None)


def _is_same(entry: FeedEntry, record: EntryRecord) -> bool:
    """Whether an entry of the same title is the recorded one under another id: same date, or same page."""
    if not entry.title:
        return False
    has_same_date = entry.published is not None and entry.published == record.published
    return has_same_date or (entry.published == record.published and _only_token_differs(entry.url, record.url))


def _only_token_differs(url: str | None, other: str | None) -> bool:
    """Whether two links lead to one page, differing only in what identifies a reader; not ``?p=12`` and ``?p=13``."""
    if not url or not other or url == other:
        return False
    one, two = urlsplit(url), urlsplit(other)
    differing = set(parse_qsl(one.query, keep_blank_values=True)) ^ set(parse_qsl(two.query, keep_blank_values=True))
    is_number = all(value.isdecimal() and len(value) <= _MAX_PAGE_DIGITS for _, value in differing)
    return (one.netloc, one.path) == (two.netloc, two.path) and not is_number
