"""Share Builds between machines through a bucket.

    current            the pointer: which Build is current, and the SHA-256 of its manifest
    builds/NAME/...    the files of a Build as they lie in an index folder

The pointer vouches for a manifest and the manifest for every file. A push writes the files, then the manifest, then the
pointer, so that nothing refers to what is half written. Knows nothing of who serves what.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from bot.errors import BucketUnavailable, IndexMismatch
from bot.indexing.manifest import (
    FORMAT_VERSION,
    MANIFEST_FILE,
    SEAL_FILE,
    FileRecord,
    Manifest,
    read_manifest,
    sha256_of,
    verify_files,
)
from bot.indexing.objects import Objects

POINTER, BUILDS = "current", "builds"
# Few, because a machine may serve families while it fetches.
_FILES_AT_ONCE = 4
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass(frozen=True, slots=True)
class Pointer:
    """The name of the current Build and the SHA-256 of its manifest in hex."""

    build: str
    manifest_sha256: str


class Bucket:
    """The Builds at one address.

    It is not locked: a pointer is replaced as a whole, and of two pushes the last wins. Each call raises
    ``BucketUnavailable`` if the address does not answer, or refuses us.
    """

    def __init__(self, address: str) -> None:
        self._objects = Objects(address)
        self.address = self._objects.address

    def mark(self) -> str | None:
        """Return a value that changes when the pointer is replaced, with one small request.

        :returns: ``None`` if nothing was pushed yet.
        """
        return self._objects.mark(POINTER)

    def pointer(self) -> Pointer | None:
        """Return the pointer.

        :returns: ``None`` if nothing was pushed yet.
        :raises IndexMismatch: if the pointer is damaged.
        """
        found = self._objects.read(POINTER)
        if found is None:
            return None
        try:
            pointer = msgspec.json.decode(found, type=Pointer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise IndexMismatch(POINTER, "the pointer", "a Build and a SHA-256", "something else") from error
        if not _NAME.fullmatch(pointer.build):
            raise IndexMismatch(POINTER, "the name in the pointer", "that of a Build", "another")
        return pointer

    def names(self) -> list[str]:
        """Return the names of all Builds in the bucket, complete or not, oldest first."""
        return self._objects.folders(BUILDS)

    def push(self, build: Path, *, keep: int) -> Pointer:
        """Upload a Build, make it the current one, and remove the oldest beyond those kept.

        :param build: its local folder.
        :param keep: how many Builds stay in the bucket, 1 or more.
        :raises BucketUnavailable: if a part could not be uploaded; the pointer then stays.
        :raises IndexMismatch: if the local Build is damaged.
        """
        manifest = read_manifest(build)
        verify_files(build, manifest)
        pointer = Pointer(build.name, sha256_of(build / MANIFEST_FILE))
        self._objects.prepare()
        if not self._has(pointer):
            # In this order, because the manifest says that all the others are there.
            self._put(build, [record.path for record in manifest.files])
            self._put(build, [SEAL_FILE])
            self._put(build, [MANIFEST_FILE])
        self._compare_sizes(build.name, manifest)
        self._objects.write(POINTER, msgspec.json.encode(pointer))
        for name in self.names()[:-keep]:
            if name != build.name:
                self._remove(name)
        return pointer

    def fetch(self, pointer: Pointer, folder: Path, known: Sequence[Path] = ()) -> None:
        """Copy a Build into a folder, verifying only its manifest.

        :param folder: an empty folder.
        :param known: local Builds whose files may be copied instead.
        :raises IndexMismatch: if a file is missing from the bucket, or the manifest is not the one that the pointer
            names.
        """
        place = f"{BUILDS}/{pointer.build}"
        encoded = self._objects.read(f"{place}/{MANIFEST_FILE}")
        digest = "none" if encoded is None else hashlib.sha256(encoded).hexdigest()
        if encoded is None or digest != pointer.manifest_sha256:
            raise IndexMismatch(pointer.build, "the manifest's SHA-256", pointer.manifest_sha256, digest)
        manifest = _understood(pointer.build, encoded)
        here = _files_here(known)

        def bring(record: FileRecord) -> None:
            target = folder / record.path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not _copied(here.get(record.sha256), target, record.sha256):
                self._download(pointer.build, record.path, target)

        with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
            list(pool.map(bring, manifest.files))
        self._download(pointer.build, SEAL_FILE, folder / SEAL_FILE)
        (folder / MANIFEST_FILE).write_bytes(encoded)

    def _download(self, build: str, path: str, target: Path) -> None:
        if not self._objects.download(f"{BUILDS}/{build}/{path}", target):
            raise IndexMismatch(build, path, "in the bucket", "missing there")

    def _has(self, pointer: Pointer) -> bool:
        """Whether a Build was uploaded before: its manifest comes last."""
        found = self._objects.read(f"{BUILDS}/{pointer.build}/{MANIFEST_FILE}")
        return found is not None and hashlib.sha256(found).hexdigest() == pointer.manifest_sha256

    def _put(self, build: Path, paths: Sequence[str]) -> None:
        def put(path: str) -> None:
            self._objects.write(f"{BUILDS}/{build.name}/{path}", build / path)

        with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
            list(pool.map(put, paths))

    def _compare_sizes(self, name: str, manifest: Manifest) -> None:
        """Check that everything was uploaded before the pointer names it."""
        found = self._objects.sizes(f"{BUILDS}/{name}")
        for record in manifest.files:
            if found.get(record.path) != record.size:
                has = found.get(record.path, "no")
                raise BucketUnavailable(self.address, f"{record.path} has {has} bytes there and {record.size} here")

    def _remove(self, name: str) -> None:
        """Remove a Build, its manifest first, so that the rest cannot be taken for a Build."""
        self._objects.remove(f"{BUILDS}/{name}/{MANIFEST_FILE}")
        self._objects.remove_folder(f"{BUILDS}/{name}")


def _understood(build: str, encoded: bytes) -> Manifest:
    """Return the manifest, if it is of this version and names no file outside its Build."""
    try:
        version = msgspec.json.decode(encoded, type=dict).get("format_version")
        if version != FORMAT_VERSION:
            raise IndexMismatch(build, "the format version", FORMAT_VERSION, version)
        manifest = msgspec.json.decode(encoded, type=Manifest)
    except msgspec.DecodeError as error:
        raise IndexMismatch(build, "the manifest", "readable", "something else") from error
    if manifest.build != build:
        raise IndexMismatch(build, "the name in the manifest", build, manifest.build)
    for record in manifest.files:
        path = PurePosixPath(record.path)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise IndexMismatch(build, "a path in the manifest", "inside of the Build", record.path)
    return manifest


def _files_here(builds: Sequence[Path]) -> dict[str, Path]:
    """Return the local files by digest, as their manifests claim."""
    here: dict[str, Path] = {}
    for build in builds:
        with suppress(IndexMismatch):
            here.update({record.sha256: build / record.path for record in read_manifest(build).files})
    return here


def _copied(known: Path | None, target: Path, sha256: str) -> bool:
    """Whether a file could be copied from this machine; the copy is verified, because the file may be damaged."""
    if known is None:
        return False
    try:
        shutil.copyfile(known, target)
    except OSError:
        return False
    return sha256_of(target) == sha256
