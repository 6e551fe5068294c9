"""The commands of the pages on operations, run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.structure.tree import TOP

OPERATIONS = TOP / "docs" / "operations"


def blocks_of(page: str) -> list[str]:
    """The blocks of commands of a page, in order."""
    text = (OPERATIONS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def block_with(page: str, words: str) -> str:
    """The one block of a page in which some words stand."""
    (found,) = [block for block in blocks_of(page) if words in block]
    return found


def run(block: str, folder: Path, settings: Mapping[str, str]) -> str:
    """What the commands print, run in a folder; a command that fails is a failure."""
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=folder, env=environment(settings), capture_output=True, text=True
    )
    assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of an operator: this Python, and the PostgreSQL tools of the server that the tests run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "PG", "DATABASE_URL"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), str(postgres_tools()), os.environ["PATH"]])
    return {**kept, "PATH": path, "PYTHONPATH": str(TOP), **settings}


def postgres_tools() -> Path:
    """Where pg_dump, pg_restore and psql of the tests' own version are."""
    import pgserver

    return Path(pgserver.__file__).parent / "pginstall" / "bin"
