"""Read, write, list and remove files at an address such as ``s3://bucket/prefix`` or ``file:///FOLDER``.

Every fault of a bucket becomes ``BucketUnavailable``; a missing file is no fault. Knows nothing of what the files are.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import BucketUnavailable

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PIECE_BYTES = 2**20
# A read is given up soon, because the next one is near. An upload gets no response until all of it has arrived.
_LOOK_S, _SEND_S = 5.0, 120.0
_WHOLE_FILE_S = 1800.0
_FOLDER = "file://"


class Objects:
    """The files at one address, by paths with ``/``.

    Its threads do not survive a fork, so create it in the process that uses it.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def prepare(self) -> None:
        """Create the folder that a ``file://`` address names; a bucket is created by whoever pays for it."""
        if self.address.startswith(_FOLDER):
            with self._told():
                Path(urlsplit(self.address).path).mkdir(parents=True, exist_ok=True)

    def mark(self, path: str) -> str | None:
        """Return a value that changes when a file is replaced, with one small request.

        :returns: its ETag, size and time; ``None`` if it is not there.
        """
        import obstore

        with self._told():
            try:
                found = obstore.head(self._reading, path)
            except FileNotFoundError:
                self._check_folder()
                return None
            return f"{found['e_tag']} {found['size']} {found['last_modified'].isoformat()}"

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a small file, or ``None`` if it is not there."""
        import obstore

        with self._told():
            try:
                return bytes(obstore.get(self._reading, path).bytes())
            except FileNotFoundError:
                self._check_folder()
                return None

    def download(self, path: str, target: Path) -> bool:
        """Write a file of any size to this machine's disk.

        :returns: false if it is not there; nothing is written then.
        """
        pieces = self._pieces(path)
        try:
            first = next(pieces, b"")
        except FileNotFoundError:
            return False
        with target.open("wb") as file:
            file.write(first)
            file.writelines(pieces)
        return True

    def write(self, path: str, content: bytes | Path) -> None:
        """Replace a file as a whole: a reader gets either the old one or the new one.

        :param content: its bytes, or a local file.
        """
        import obstore

        with self._told():
            obstore.put(self._writing, path, content)

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        import obstore

        with self._told(), suppress(FileNotFoundError):
            obstore.delete(self._writing, path)

    def remove_folder(self, path: str) -> None:
        """Remove all files below a folder."""
        for name in self.sizes(path):
            self.remove(f"{path}/{name}")
        if self.address.startswith(_FOLDER):
            # A bucket has no folders, only names with slashes.
            shutil.rmtree(Path(urlsplit(self.address).path) / path, ignore_errors=True)

    def folders(self, path: str) -> list[str]:
        """Return the names of the folders in a folder.

        :returns: ascending; empty if it is not there.
        """
        import obstore

        with self._told():
            found = obstore.list_with_delimiter(self._reading, path)
            return sorted(PurePosixPath(prefix).name for prefix in found["common_prefixes"])

    def sizes(self, path: str) -> dict[str, int]:
        """Return the sizes in bytes of all files below a folder, by their paths inside it."""
        import obstore

        with self._told():
            entries = [entry for page in obstore.list(self._reading, path) for entry in page]
        return {entry["path"].removeprefix(f"{path}/"): entry["size"] for entry in entries}

    def _pieces(self, path: str) -> Iterator[bytes]:
        import obstore

        with self._told():
            for piece in obstore.get(self._reading, path).stream(min_chunk_size=_PIECE_BYTES):
                yield bytes(piece)

    def _check_folder(self) -> None:
        """Distinguish a missing file from a missing disk.

        :raises BucketUnavailable: if the folder of the address is not there.
        """
        if self.address.startswith(_FOLDER) and not Path(urlsplit(self.address).path).is_dir():
            raise BucketUnavailable(self.address, "there is no such folder")

    @cached_property
    def _reading(self) -> ObjectStore:
        return _open(self.address, _LOOK_S)

    @cached_property
    def _writing(self) -> ObjectStore:
        return _open(self.address, _SEND_S)

    @contextmanager
    def _told(self) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, PermissionError, NotADirectoryError, ValueError) as error:
            # What follows the first line is for those who debug the library.
            raise BucketUnavailable(self.address, str(error).partition("\n")[0][:300]) from error


def _open(address: str, patience_s: float) -> ObjectStore:
    from obstore.store import from_url

    if address.startswith(_FOLDER):
        return from_url(address)
    # Plain HTTP only where the operator's own endpoint says so (AWS_ENDPOINT_URL=http://...).
    return from_url(
        address,
        client_options={
            "allow_http": True,
            "connect_timeout": timedelta(seconds=_LOOK_S),
            "read_timeout": timedelta(seconds=patience_s),
            "timeout": timedelta(seconds=_WHOLE_FILE_S),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=patience_s)},
    )
