"""Tables of a document as rows by their headings."""

from __future__ import annotations

import re
from pathlib import Path


def rows_under(heading: str, page: Path) -> list[dict[str, str]]:
    """The rows of the first table under a heading; a page that lost the heading or the table fails here."""
    text = page.read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n## {heading}\n")
    assert section, f"{page.name} has no heading {heading!r}"
    return rows_of(re.split(r"^## ", section, flags=re.MULTILINE)[0])


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of the first table of a text."""
    lines = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    assert len(lines) > 2, "there is no table"
    head, _, *rows = lines
    return [dict(zip(head, row, strict=True)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
