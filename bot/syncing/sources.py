"""Turn an entry into its source in the corpus: added, updated, or left alone because an editor changed it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bot.errors import FeedError
from bot.reading.interview import CARD
from bot.reading.textfile import is_left_out
from bot.syncing.card import slug_for, write_source
from bot.syncing.outcome import Outcome
from bot.syncing.write import digest_of, digests_on_disk, put_changed, put_new

if TYPE_CHECKING:
    from bot.syncing.entry import FeedEntry
    from bot.syncing.shelf import Shelf
    from bot.syncing.state import EntryRecord
    from bot.syncing.transcripts import Transcript

_FOLDERS = {"interview": "interviews", "article": "articles"}


def settle_source(
    entry: FeedEntry, transcript: Transcript | None, record: EntryRecord, shelf: Shelf, corpus: Path
) -> Outcome:
    """Make the source on disk match the entry, and the record match the disk.

    :param record: what was written for the entry before; changed in place
    :raises FeedError: if ``ingest`` could not read what the entry would become
    """
    before = card_of(record)
    slug = _slug_of(before) if before else slug_for(entry)
    files = _files(entry, slug, transcript)
    if not files:
        return Outcome("nothing to quote", entry.title, note="it has no transcript, no content and no summary")
    if before == _card(files):
        return _update(entry, files, record, corpus)
    if before and (corpus / before).exists():
        found = f"it has become {before}, and would be {_card(files)} now"
        raise FeedError(entry.title or slug, found, f"Remove {before}, then sync again.")
    number, base = 1, slug
    while slug in shelf.ids or _is_taken(corpus, files):
        if _is_ours(files, record, corpus):
            return Outcome("unchanged", entry.title, _card(files))
        number += 1
        slug = f"{base}-{number}"
        files = _files(entry, slug, transcript)
    put_new(corpus, files, entry.title or slug)
    record.files = _digests(files)
    return Outcome("added", entry.title, _card(files))


def adopt_source(entry: FeedEntry, transcript: Transcript | None, card: str, record: EntryRecord, corpus: Path) -> bool:
    """Record a source as the entry's if it is exactly what would be written: a sync was killed before recording it.

    :param record: what was written for the entry; changed in place
    """
    files = _files(entry, _slug_of(card), transcript)
    return bool(files) and _card(files) == card and _is_ours(files, record, corpus)


def _is_ours(files: dict[str, bytes], record: EntryRecord, corpus: Path) -> bool:
    digests = _digests(files)
    if digests != digests_on_disk(corpus, files):
        return False
    record.files = digests
    return True


def _update(entry: FeedEntry, files: dict[str, bytes], record: EntryRecord, corpus: Path) -> Outcome:
    wanted = _digests(files)
    there = digests_on_disk(corpus, record.files | wanted)
    if not there:
        return Outcome("left alone", entry.title, _card(files), "it was removed by hand")
    if there == wanted or (record.files == wanted and record.files.keys() == there.keys()):
        record.files = wanted
        return Outcome("unchanged", entry.title, _card(files))
    if any(digest not in (record.files.get(name), wanted.get(name)) for name, digest in there.items()):
        return Outcome("left alone", entry.title, _card(files), "it was edited by hand")
    put_changed(corpus, files, frozenset(there.keys() - wanted.keys()), entry.title or _card(files))
    record.files = wanted
    return Outcome("updated", entry.title, _card(files))


def _files(entry: FeedEntry, slug: str, transcript: Transcript | None) -> dict[str, bytes]:
    """Return what is to be written, by path in the corpus; empty if there is nothing to quote."""
    written = write_source(entry, slug, transcript)
    if written is None:
        return {}
    folder = PurePosixPath(_FOLDERS[written.kind], slug if written.kind == "interview" else "")
    return {str(folder / name): text.encode() for name, text in written.files.items()}


def _digests(files: dict[str, bytes]) -> dict[str, str]:
    return {name: digest_of(content) for name, content in files.items()}


def _card(files: dict[str, bytes]) -> str:
    """Return the file that describes the source: an interview's card, or the article itself."""
    return next((name for name in files if name.endswith(f"/{CARD}")), next(iter(files)))


def card_of(record: EntryRecord) -> str | None:
    """Return the file that describes what an entry became; ``None`` if it became nothing."""
    return _card(dict.fromkeys(record.files, b"")) if record.files else None


def _slug_of(card: str) -> str:
    path = PurePosixPath(card)
    return path.parent.name if path.name == CARD else path.stem


def _is_taken(corpus: Path, files: dict[str, bytes]) -> bool:
    """Whether the name is taken, or a file of that name would not be read."""
    card = corpus / _card(files)
    return card.exists() or is_left_out(card) or (card.name == CARD and card.parent.exists())
