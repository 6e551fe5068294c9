"""Write the files of a source to disk, whole or not at all.

Everything is first written into a hidden folder of the corpus and read there as ``ingest`` would read it. A new source
is then moved into place by one rename. The files of an existing one are replaced one by one, in an order that keeps the
source readable at every moment. Knows nothing of feeds.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CorpusErrors, FeedError
from bot.reading.corpus import read_corpus
from bot.reading.interview import CARD, TRANSCRIPTS
from bot.syncing.state import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STAGE, _BEFORE = ".syncing", ".before"


def digest_of(content: bytes) -> str:
    """Return the hash by which the state recognises a file."""
    return sha256(content).hexdigest()


def digests_on_disk(corpus: Path, names: Iterator[str] | Mapping[str, object]) -> dict[str, str]:
    """Return the hashes of those files of a corpus that exist."""
    return {name: digest_of((corpus / name).read_bytes()) for name in names if (corpus / name).is_file()}


def clear_up(corpus: Path) -> None:
    """Put back what a killed sync was about to replace, and remove what it left behind."""
    for before in corpus.glob(f"*/.*{_BEFORE}"):
        place = before.with_name(before.name[1:].removesuffix(_BEFORE))
        if not place.exists():
            before.rename(place)
        shutil.rmtree(before, ignore_errors=True)
    _remove_stage(corpus)


def _remove_stage(corpus: Path) -> None:
    shutil.rmtree(corpus / _STAGE, ignore_errors=True)


def put_new(corpus: Path, files: Mapping[str, bytes], title: str) -> None:
    """Add a source.

    :param files: what is to be written, by path in the corpus; several share one folder of their own
    :raises FeedError: if ``ingest`` could not read it
    """
    with _staged(corpus, files, title) as stage:
        first = Path(next(iter(files)))
        unit = first.parent if _is_folder(files) else first
        (corpus / unit.parent).mkdir(parents=True, exist_ok=True)
        (stage / unit).rename(corpus / unit)


def put_changed(corpus: Path, files: Mapping[str, bytes], stale: frozenset[str], title: str) -> None:
    """Replace the files of an existing source.

    :param stale: files of it to be dropped, by path in the corpus
    :raises FeedError: if ``ingest`` could not read it
    """
    with _staged(corpus, files, title) as stage:
        if stale:
            _exchange(corpus, stage, Path(next(iter(files))).parent, stale)
            return
        for name in sorted(files, key=lambda one: one.endswith(f"/{CARD}")):
            (corpus / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(stage / name, corpus / name)  # noqa: PTH105


def _exchange(corpus: Path, stage: Path, unit: Path, stale: frozenset[str]) -> None:
    """Put a folder in the place of another, with what editors keep there besides.

    File by file there would be a moment with two transcripts, or none.
    """
    for path in (corpus / unit).iterdir():
        if (unit / path.name).as_posix() not in stale and not (stage / unit / path.name).exists():
            copy = shutil.copytree if path.is_dir() else shutil.copy2
            copy(path, stage / unit / path.name)
    before = (corpus / unit).with_name(f".{unit.name}{_BEFORE}")
    (corpus / unit).rename(before)
    (stage / unit).rename(corpus / unit)
    shutil.rmtree(before, ignore_errors=True)


def change_file(path: Path, content: bytes) -> None:
    """Replace one file, following links."""
    write_whole(path.resolve(), content)


@contextmanager
def _staged(corpus: Path, files: Mapping[str, bytes], title: str) -> Iterator[Path]:
    """Yield the hidden folder with the files in it, once they were read there."""
    _remove_stage(corpus)
    stage = corpus / _STAGE
    try:
        for name, content in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            with (stage / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        card = next((name for name in files if name.endswith(f"/{CARD}")), next(iter(files)))
        _check(stage / card, title)
        yield stage
    finally:
        _remove_stage(corpus)


def _check(card: Path, title: str) -> None:
    try:
        read_corpus([card])
    except CorpusErrors as errors:
        error = errors.errors[0]
        found = f"what it would become cannot be read ({Path(error.path).name}: {error.found})"
        raise FeedError(title, found, "Have the entry mended by those who publish the feed.") from error


def _is_folder(files: Mapping[str, bytes]) -> bool:
    return any(Path(name).name in (CARD, *TRANSCRIPTS) for name in files)
