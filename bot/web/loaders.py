"""List the published versions of the loader that partners put on their pages, made by ``bench/loader.py``.

A published version never changes, so a page may name its hash; ``/widget.js`` is always the newest. Knows nothing of
requests.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

LOADER_FOLDER = Path(__file__).parent / "static" / "loader"
# The source of the next version.
WRITTEN = LOADER_FOLDER.with_suffix(".js")


def versions() -> tuple[str, ...]:
    """Return all published versions, oldest first."""
    found = [path.name.removesuffix(".js") for path in LOADER_FOLDER.glob("*.js")]
    return tuple(sorted(found, key=lambda version: [int(part) for part in version.split(".")]))


def newest_version() -> str:
    """Return the version that ``/widget.js`` serves."""
    return versions()[-1]


@lru_cache(maxsize=32)
def integrity_of(version: str) -> str:
    """Return what a page writes into ``integrity`` for a published version."""
    digest = hashlib.sha384((LOADER_FOLDER / f"{version}.js").read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"
