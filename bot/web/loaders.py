"""The versions of the loader that partners put on their pages. ``bench/loader.py`` makes them.

A version never changes after it was published, so a page may name its hash; ``/widget.js`` is always the newest one.
Comes in: the folder of loaders. Goes out: versions and their hashes. It must not know requests.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

LOADER_FOLDER = Path(__file__).parent / "static" / "loader"
# What the next version is made from.
WRITTEN = LOADER_FOLDER.with_suffix(".js")


def versions() -> tuple[str, ...]:
    """All that were published, oldest first."""
    found = [path.name.removesuffix(".js") for path in LOADER_FOLDER.glob("*.js")]
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


def newest_version() -> str:
    """The one that ``/widget.js`` is."""
    return versions()[-1]


@lru_cache(maxsize=32)
def integrity_of(version: str) -> str:
    """What a page writes into ``integrity`` for a published version."""
    digest = hashlib.sha384((LOADER_FOLDER / f"{version}.js").read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"
