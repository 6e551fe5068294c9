"""Fill the ``video:`` of the explainer that an entry is about, and change no other byte of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.syncing.frontline import with_field
from bot.syncing.outcome import Outcome
from bot.syncing.write import change_file

if TYPE_CHECKING:
    from pathlib import Path

    from bot.syncing.entry import FeedEntry
    from bot.syncing.shelf import Shelved
    from bot.syncing.state import EntryRecord

_FIELD = "video"


def fill_video(entry: FeedEntry, video: str, explainer: Shelved, record: EntryRecord, corpus: Path) -> Outcome:
    """Fill the video of an explainer, unless an editor has named another one.

    :param record: what was filled before; changed in place
    :raises FeedError: if one line cannot change the front matter
    """
    name = explainer.file.relative_to(corpus).as_posix()
    is_ours = record.filled == name and record.video == explainer.video
    if explainer.video == video:
        return Outcome("unchanged", entry.title, name)
    if explainer.video is not None and not is_ours:
        return Outcome("left alone", entry.title, name, f"it has another video, {explainer.video}")
    change_file(explainer.file, with_field(explainer.file.read_bytes(), explainer.file, _FIELD, video))
    record.filled, record.video = name, video
    return Outcome("video filled", entry.title, name, video)


def remove_video(record: EntryRecord, corpus: Path) -> Outcome | None:
    """Remove a withdrawn video from the explainer that it filled, if it is still there; ``None`` if nothing was done.

    :param record: what was filled; changed in place
    :raises FeedError: if one line cannot change the front matter
    """
    name, video = record.filled, record.video
    record.filled = record.video = None
    if name is None or video is None or not (corpus / name).is_file():
        return None
    raw = (corpus / name).read_bytes()
    if video.encode() not in raw:
        return None
    change_file(corpus / name, with_field(raw, corpus / name, _FIELD, None))
    return Outcome("video removed", record.title, name, video)
