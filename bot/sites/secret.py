"""A file -> the secret that tokens are signed with, made when it is first needed.

So that ``make run`` needs no setting and all workers of a machine sign alike. In: a path. Out: bytes. Several machines
need the setting instead.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from bot.errors import SettingsError

_BYTES = 32


def secret_in(path: Path) -> bytes:
    """Return the secret of a file, which is made if it is not there; several processes may try at once.

    :param path: its folder need not exist.
    :returns: 32 random bytes as 64 hexadecimal digits, the same each time.
    :raises SettingsError: when it can neither be read nor made.
    """
    try:
        if not path.exists():
            _make(path)
        found = path.read_bytes().strip()
    except OSError as error:
        found_instead = f"nothing, and {path} cannot be used ({error.strerror})"
        raise SettingsError("BOT_SECRET_KEY", found_instead, "a secret, or a folder to make one in") from error
    if len(found) < _BYTES:
        raise SettingsError("BOT_SECRET_KEY", f"a damaged file {path}", "no file, so that a new one is made")
    return found


def _make(path: Path) -> None:
    """Write beside and link into place, so that nobody reads half a secret and the first of several wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Made by mkstemp with access for its owner alone.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(_BYTES).encode())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
