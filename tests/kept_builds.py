"""Builds by the real model, which are minutes of work: made once for the same code, packages and corpus, and kept.

They lie in pytest's own cache, so that the processes of one run share them and the next run finds them.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from bot import wiring
from bot.settings import Settings
from tests.structure.tree import TOP

# What an ingest can come by: by the arrows of docs/architecture.md it reaches no room that is not here.
ROOMS = ("reading", "storage", "indexing", "answering", "editing", "models", "wiring", "settings")
# Those of the code before a change, of the code after it, and of another branch.
KEPT = 3


def kept_build(cache: Path, name: str, corpus: Path) -> Path:
    """An index whose current Build is of a corpus; whoever comes first makes it, and the others wait. Only to be read.

    :param name: what the corpus is called: after a change of it alone, only what changed is embedded
    """
    index = cache / f"{name}-{_digest(_code())}"
    made_of, digest = index.with_suffix(".made-of"), _digest(_files(corpus))
    with FileLock(cache / f"{name}.lock"):
        if not made_of.exists() or made_of.read_text(encoding="utf-8") != digest:
            wiring.ingest(replace(Settings(), index=index), [corpus], lambda step, done, total: None)
            made_of.write_text(digest, encoding="utf-8")
        made_of.touch()
        _remove_old(cache, name)
    return index


def _remove_old(cache: Path, name: str) -> None:
    made = sorted(cache.glob(f"{name}-*.made-of"), key=lambda path: path.stat().st_mtime)
    for old in made[:-KEPT]:
        shutil.rmtree(old.with_suffix(""), ignore_errors=True)
        old.unlink()


def _code() -> Iterator[Path]:
    yield TOP / "requirements.txt"
    yield from (TOP / "bot").glob("*.py")
    for room in ROOMS:
        yield from _files(TOP / "bot" / room)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in sorted(files):
        found.update(f"{path.relative_to(TOP)}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
