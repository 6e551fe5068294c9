"""Find the entries that a feed has withdrawn since the last sync, and retire their sources.

A feed is a window on the newest entries, so an entry missing from it need not be gone. It is gone if the feed says so
(RFC 6721), if the feed is complete (RFC 5005), or if the window still has an older entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.syncing.frontline import with_field
from bot.syncing.outcome import Outcome
from bot.syncing.sources import card_of
from bot.syncing.videos import remove_video
from bot.syncing.write import change_file, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from bot.syncing.entry import Feed, FeedEntry
    from bot.syncing.state import EntryRecord


def withdrawn(records: Mapping[str, EntryRecord], feed: Feed) -> list[str]:
    """Return the ids of entries withdrawn since the last sync, in the order of the records."""
    here = {entry.id for entry in feed.entries}
    missing = {name: record for name, record in records.items() if name not in here and record.retired is None}
    # An entry that cannot be read may be one of those that seem to be missing.
    if not feed.is_whole or feed.problems:
        return [name for name in missing if name in feed.deleted]
    return [
        name
        for name, record in missing.items()
        if feed.is_complete or name in feed.deleted or any(_is_older(entry, record) for entry in feed.entries)
    ]


def _is_older(entry: FeedEntry, record: EntryRecord) -> bool:
    """Whether an entry is older by every date, so that no window sorted by either keeps it and drops the other."""
    if entry.published is None or record.published is None:
        return False
    changed, was_changed = entry.updated or entry.published, record.updated or record.published
    return entry.published < record.published and changed < was_changed


def retire(record: EntryRecord, corpus: Path, today: date) -> Iterator[Outcome]:
    """Mark an entry's source as retired, and remove its video from the explainer that it filled.

    :param record: what the entry became; changed in place
    :raises FeedError: if one line cannot change the front matter
    """
    if outcome := remove_video(record, corpus):
        yield outcome
    card = card_of(record)
    if card is not None and (corpus / card).is_file():
        path = corpus / card
        raw = path.read_bytes()
        content = with_field(raw, path, "retired", today.isoformat())
        change_file(path, content)
        # A file with an editor's changes stays the editor's: it is recorded as ours only if it was ours before.
        if record.files[card] == digest_of(raw):
            record.files[card] = digest_of(content)
        yield Outcome("retired", record.title, card, "the feed has withdrawn it")
    record.retired, record.fingerprint = today.isoformat(), ""
