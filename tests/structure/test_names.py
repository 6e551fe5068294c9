"""No file of the project names the machine it was written on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.structure.tree import TOP

# Put together here so that this file does not find itself.
PLACES = [
    r"(?<![\w.-])" + "/" + r"(work|root|opt)/",
    r"(?<![\w.-])" + "/home" + r"/\w+/",
    r"file" + r":///(?!etc/|FOLDER)",
    r"--(extra-)?index" + r"-url",
    r"--find" + r"-links",
    r"files\.python" + r"hosted\.org",
    r"pypi\." + r"org/simple",
    r"registry\.npm" + r"js\.org",
]
PATTERN = re.compile("|".join(PLACES))
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".in",
    ".toml",
    ".yml",
    ".yaml",
    ".sh",
    ".js",
    ".css",
    ".html",
    ".ini",
    ".cfg",
    ".json",
    "",
}


def named_places(text: str) -> list[str]:
    return [match.group() for match in PATTERN.finditer(text)]


def project_files() -> list[Path]:
    """What is, or would be, committed."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "-C",
        str(TOP),
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    return [TOP / name for name in listed if name and Path(name).suffix in TEXT and (TOP / name).is_file()]


def test_no_file_names_a_place_of_one_machine_or_a_registry_host() -> None:
    if not (TOP / ".git").exists():
        pytest.skip("An exported tree has no list of its files.")
    found = {
        f"{path.relative_to(TOP)}: {place}"
        for path in project_files()
        for place in named_places(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert found == set()


@pytest.mark.parametrize(
    "text", ["see /wo" + "rk/x", "pip --index" + "-url x", "open('/ro" + "ot/x')", "fi" + "le:///x", "`/op" + "t/x`"]
)
def test_a_place_is_seen(text: str) -> None:
    assert named_places(text) != []


@pytest.mark.parametrize("text", ["how it/they work/live", "a network/root/option", "docs/work/x.md", "profile: x"])
def test_an_ordinary_word_is_not_a_place(text: str) -> None:
    assert named_places(text) == []
