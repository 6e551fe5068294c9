"""Describe a Build in a manifest, and verify that its files are unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bot.errors import IndexMismatch

FORMAT_VERSION = 3
MANIFEST_FILE, SEAL_FILE = "manifest.json", "manifest.sha256"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a Build: its path inside, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of each kind of item in a Build; row i is the same passage in every file."""

    sources: int
    passages: int
    sentences: int
    tokens: int
    labels: int
    bank: int = 0
    questions: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a Build: enough to reject one that is damaged or from another version."""

    format_version: int
    build: str
    created_at: str
    model: str
    model_sha256: str
    dimension: int
    metric: str
    normalized: bool
    token_layer: int
    max_tokens: int
    passage_max_words: int
    corpus_digest: str
    counts: Counts
    files: tuple[FileRecord, ...]


def describe_files(folder: Path) -> tuple[FileRecord, ...]:
    """Return a record of every file below a folder, ascending by path, except the manifest and its seal."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path not in _own(folder))
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(sha256_of, paths))
    return tuple(
        FileRecord(path.relative_to(folder).as_posix(), path.stat().st_size, digest)
        for path, digest in zip(paths, hashes, strict=True)
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest and the seal that guards it."""
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / MANIFEST_FILE).write_bytes(encoded)
    (folder / SEAL_FILE).write_bytes(_seal(hashlib.sha256(encoded).hexdigest()))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a Build after checking its seal.

    :raises IndexMismatch: if it is missing, does not match its seal, or is of another version.
    """
    build = folder.name
    try:
        encoded = (folder / MANIFEST_FILE).read_bytes()
        seal = (folder / SEAL_FILE).read_bytes()
    except OSError as error:
        raise IndexMismatch(build, "the manifest", "readable", f"not ({error.strerror})") from error
    digest = hashlib.sha256(encoded).hexdigest()
    if seal != _seal(digest):
        raise IndexMismatch(build, "the manifest's SHA-256", seal.decode("ascii", "replace").strip(), digest)
    version = msgspec.json.decode(encoded).get("format_version")
    if version != FORMAT_VERSION:
        raise IndexMismatch(build, "the format version", FORMAT_VERSION, version)
    return msgspec.json.decode(encoded, type=Manifest)


def verify_files(folder: Path, manifest: Manifest, needed: Iterable[str] = ()) -> None:
    """Check that every file is what the manifest says.

    :param needed: paths that the manifest must name.
    :raises IndexMismatch: for the first file, in the manifest's order, that is missing, of another size or changed.
    """
    absent = sorted(set(needed) - {record.path for record in manifest.files})
    if absent:
        raise IndexMismatch(folder.name, "the list of files", f"with {absent[0]}", "without it")
    # Hashing releases the interpreter's lock, so threads share the work.
    with ThreadPoolExecutor() as pool:
        for problem in pool.map(lambda record: _problem(folder, record), manifest.files):
            if problem is not None:
                raise problem


def content_digest(manifest: Manifest) -> str:
    """Return a digest that is the same for two Builds with the same files, whenever and wherever they were made.

    :returns: a SHA-256 in hex.
    """
    lines = "".join(f"{record.path} {record.sha256}\n" for record in manifest.files)
    return hashlib.sha256(lines.encode()).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problem(folder: Path, record: FileRecord) -> IndexMismatch | None:
    path = folder / record.path
    try:
        size = path.stat().st_size
        if size != record.size:
            return IndexMismatch(folder.name, f"the size of {record.path}", record.size, size)
        found = sha256_of(path)
    except OSError as error:
        return IndexMismatch(folder.name, record.path, "readable", f"not ({error.strerror})")
    if found != record.sha256:
        return IndexMismatch(folder.name, f"the SHA-256 of {record.path}", record.sha256, found)
    return None


def _seal(digest: str) -> bytes:
    return f"{digest}\n".encode("ascii")


def _own(folder: Path) -> tuple[Path, Path]:
    return folder / MANIFEST_FILE, folder / SEAL_FILE
