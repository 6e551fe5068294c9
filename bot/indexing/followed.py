"""Store what a machine knows of the bucket that it follows, beside the Builds, where all its processes can read it."""

from __future__ import annotations

import msgspec

from bot.indexing.bucket import Pointer
from bot.indexing.store import BuildStore

FOLLOWED_FILE = ".followed.json"


class RefusedFetch(msgspec.Struct, frozen=True):
    """A Build that the bucket points to but that is not served, and why."""

    build: str
    reason: str


class Followed(msgspec.Struct, frozen=True):
    """What a machine knows of its bucket.

    ``away`` is why the bucket does not answer, ``away_since`` since when; ``refused`` is what is not taken from it. The
    counts begin when the index folder was made.
    """

    address: str = ""
    mark: str | None = None
    pointer: Pointer | None = None
    away: str | None = None
    away_since: str | None = None
    refused: RefusedFetch | None = None
    fetched: int = 0
    refusals: int = 0
    failures: int = 0


def read_followed(store: BuildStore) -> Followed:
    """Return what the following process wrote, or an empty record if nothing was followed yet."""
    try:
        return msgspec.json.decode((store.directory / FOLLOWED_FILE).read_bytes(), type=Followed)
    except (OSError, msgspec.DecodeError):
        return Followed()


def keep_followed(store: BuildStore, followed: Followed) -> None:
    """Write what is known now."""
    temporary = store.directory / f"{FOLLOWED_FILE}.new"
    temporary.write_bytes(msgspec.json.encode(followed))
    temporary.replace(store.directory / FOLLOWED_FILE)
